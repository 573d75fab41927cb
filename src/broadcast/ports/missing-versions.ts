import type { Observable } from 'rxjs';
import type { Position } from './position.js';
import type { Told } from './told.js';

/** What is known of the versions of one match that nobody told. */
export interface FoundVersions {
  readonly matchId: string;
  /** in order, nothing left out between them; null: nobody could be asked */
  readonly versions: readonly Told[] | null;
}

/** Versions that nobody told are asked for here. Port and injection token in one; without it they are jumped over. */
export abstract class MissingVersions {
  /** One answer for each match that is asked for, within a bound, whatever comes of it. */
  abstract readonly answered$: Observable<FoundVersions>;

  /** Every version of the match after that position is wanted. A match that is asked for already gets one answer to both. */
  abstract ask(matchId: string, after: Position): void;
}
