import { LiveScoreError } from '../kernel/livescore.errors.js';

/** A replay that cannot be done. */
export class ReplayError extends LiveScoreError {}

/** A tournament file that is missing, is not JSON, or holds no match to replay. */
export class TournamentFileError extends ReplayError {
  constructor(message: string, file?: string, cause?: unknown) {
    super('LIVESCORE_TOURNAMENT_FILE', message, file === undefined ? {} : { file }, { cause });
  }
}
