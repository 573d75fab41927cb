import type { SeededRandom } from '../../../test/support/seeded-random.js';
import { LiveMatch } from './live-match.js';

/** In every id. */
export const MATCH_DAY = 'soak';
/** Score frames of one match: with its details about 100 messages, four or five goals. */
const FRAMES = 40;
/** those that are already being played at the beginning have fewer left, so that they do not end all at once */
const FEWEST_FRAMES = 12;

/** As many matches as wanted, at the same time; a new one begins whenever one ends. */
export class MatchDay {
  /** every match that was begun, in order */
  readonly all: LiveMatch[] = [];
  private readonly open: LiveMatch[];

  constructor(
    private readonly concurrent: number,
    private readonly nowS: () => number,
    private readonly random: SeededRandom,
  ) {
    this.open = Array.from({ length: concurrent }, () =>
      this.begin(FEWEST_FRAMES + random.below(FRAMES - FEWEST_FRAMES)),
    );
  }

  get playing(): readonly LiveMatch[] {
    return this.open;
  }

  /** Who speaks next. A match that is over gives way to a new one, which has no row yet. */
  next(): { readonly match: LiveMatch; readonly isNew: boolean } {
    const place = this.random.below(this.concurrent);
    const match = this.open[place] as LiveMatch;
    if (!match.isOver) return { match, isNew: false };
    const successor = this.begin(FRAMES);
    this.open[place] = successor;
    return { match: successor, isNew: true };
  }

  private begin(frames: number): LiveMatch {
    const match = new LiveMatch(
      `${MATCH_DAY}${String(this.all.length).padStart(8, '0')}`,
      frames,
      this.nowS(),
      this.random,
    );
    this.all.push(match);
    return match;
  }
}
