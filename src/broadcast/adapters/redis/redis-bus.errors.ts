import { LiveScoreError } from '../../../kernel/livescore.errors.js';

/** The option `redis` is set, and the package that it needs is not installed. */
export class MissingRedisPackageError extends LiveScoreError {
  constructor(cause: unknown) {
    super(
      'LIVESCORE_MISSING_PACKAGE',
      'BroadcastModule: the option "redis" needs the package "redis", which is not installed: npm install redis@6',
      { package: 'redis' },
      { cause },
    );
  }
}
