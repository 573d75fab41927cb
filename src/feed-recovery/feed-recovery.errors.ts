import { LiveScoreError } from '../kernel/livescore.errors.js';

/** A recovery took longer than `timeoutMs`; another one follows. */
export class RecoveryTimeoutError extends LiveScoreError {
  constructor(timeoutMs: number, cause: unknown) {
    super(
      'LIVESCORE_RECOVERY_TIMEOUT',
      `The snapshot of all live matches was not asked for, answered and written within ${timeoutMs} ms`,
      { timeoutMs },
      { cause },
    );
  }
}
