import { LiveScoreError } from '../kernel/livescore.errors.js';
import { printable } from '../kernel/printable.js';

/** The rollout was taken back automatically, and nobody has looked into it. */
export class RolloutLatchedError extends LiveScoreError {
  /** @param why reason of the rollback; @param how what to do instead */
  constructor(why: string, how: string) {
    super('LIVESCORE_ROLLOUT_LATCHED', `the rollout was taken back automatically (${printable(why)}): ${how}`);
  }
}
