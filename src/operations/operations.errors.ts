import { LiveScoreError } from '../kernel/livescore.errors.js';

/** A request of the page that is not answered, with the status to answer instead. */
export class RefusedError extends LiveScoreError {
  constructor(
    readonly status: number,
    code: string,
    message: string,
  ) {
    super(code, message);
  }
}
