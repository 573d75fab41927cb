import type { MatchClock } from '../../domain/match-minute.js';
import type { ClientFrame } from '../ports/client-frame.js';
import type { MatchDetails } from '../ports/match-frames.js';
import type { Position } from '../ports/position.js';
import type { Told, VersionTold } from '../ports/told.js';
import type { BoardEntry } from './board-entry.js';

/** Who tells: this process what it committed, another one over the bus, or the journal. */
export type Origin = 'here' | 'bus' | 'journal';

/** A version that the board took. */
export interface VersionNews {
  readonly told: VersionTold;
  /** the position that it continues here */
  readonly previous: Position;
  /** same position, other content */
  readonly restated: boolean;
  /** versions in between are not known here, and are not told */
  readonly jumped: boolean;
}

/** A clock that moved without a version, and the position that it stands beside. */
export interface ClockNews {
  readonly position: Position;
  readonly clock: MatchClock;
}

/** News are what the clients of this process hear of one match. */
export interface News {
  /** for clients that said nothing */
  readonly frames: readonly ClientFrame[];
  /** absent where the board does not know the match */
  readonly entry?: BoardEntry;
  readonly version?: VersionNews;
  /** the clock of the entry moved without a version */
  readonly clock?: ClockNews;
  /** the lists of the entry that were read again and are others than before */
  readonly details?: Partial<MatchDetails>;
  /** the database went back behind what was told: its state replaces what clients have */
  readonly reset?: true;
  /** its details, and with them its competition, are known for the first time */
  readonly first?: true;
  readonly origin: Origin;
  /** the clients of this process heard the frames before: they are for the host's own broadcaster alone */
  readonly heard?: true;
  /** a version that was known, told once more, or that was committed here and told by the journal first */
  readonly repeated?: VersionTold;
  /** told once more, to clients that may have missed it */
  readonly again?: true;
}

/** How the frames go out. */
export type Hearing = Pick<News, 'origin' | 'again' | 'heard'>;

/** News of what was told. Their frames are made when somebody looks at them. */
export class ToldNews implements News {
  readonly origin: Origin;
  readonly again: true | undefined;
  readonly heard: true | undefined;

  constructor(
    private readonly told: Told,
    { origin, again, heard }: Hearing,
    readonly entry?: BoardEntry,
    readonly version?: VersionNews,
    readonly clock?: ClockNews,
  ) {
    this.origin = origin;
    this.again = again;
    this.heard = heard;
  }

  get frames(): News['frames'] {
    return this.told.frames;
  }
}
