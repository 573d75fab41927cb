import { LiveScoreError } from '../kernel/livescore.errors.js';

/** The host has routes that the package adds as well: one of both would never answer. */
export class DuplicateRouteError extends LiveScoreError {
  constructor(paths: readonly string[], options?: { cause?: unknown }) {
    super(
      'LIVESCORE_DUPLICATE_ROUTE',
      `HealthModule: the host answers ${paths.map((path) => `GET ${path}`).join(', ')}, too. Rename the host's route, or give the package's another path, or false for none, in the option "health.routes". To answer all of them yourself leave them out (LiveScoreModule: healthRoutes, HealthModule: controller) and ask HealthReport and Readiness.`,
      { paths },
      options,
    );
  }
}
