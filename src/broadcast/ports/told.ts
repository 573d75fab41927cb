import type { MatchEvent } from '../../domain/match-event.js';
import type { MatchClock } from '../../domain/match-minute.js';
import type { ClientFrame } from './client-frame.js';
import type { ProvenState } from './match-frames.js';
import type { Position } from './position.js';

/** A match has a new version, as the process that committed it, or read it in the journal, knows it. */
export interface VersionTold {
  /** of the row before */
  readonly previous: Position;
  readonly position: Position;
  readonly state: ProvenState;
  readonly clock: MatchClock;
  readonly events: readonly MatchEvent[];
  /** clock of the process that committed, unix ms */
  readonly committedAt: number;
  readonly catchUp?: true;
}

/** Clients are told this of one commit. Plain data: it travels between instances as JSON. */
export interface Told {
  readonly matchId: string;
  /** for clients that said nothing, in sending order */
  readonly frames: readonly ClientFrame[];
  readonly version?: VersionTold;
  /** the clock as it is now, where no version carries it */
  readonly clock?: MatchClock;
  /** cards, substitutions or predictions are to be read again */
  readonly details?: true;
  /** clients may have heard of it before: a takeover tells it once more */
  readonly again?: true;
}
