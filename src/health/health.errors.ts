import { LiveScoreError } from '../kernel/livescore.errors.js';

/** The host has routes that the package adds as well: one of both would never answer. */
export class DuplicateRouteError extends LiveScoreError {
  constructor(paths: readonly string[], options?: { cause?: unknown }) {
    super(
      'LIVESCORE_DUPLICATE_ROUTE',
      `HealthModule: the host answers ${paths.map((path) => `GET ${path}`).join(', ')}, too. Rename the host's route, or leave the package's out (LiveScoreModule: healthRoutes or metricsRoute, HealthModule: controller or metrics) and answer from HealthReport and Readiness.`,
      { paths },
      options,
    );
  }
}
