/** How many live matches every database of a run holds. */
export const MATCHES = 5_000;

/** Matches played at the same time on a busy day: the legacy path is compared on these. */
export const LIVE_MATCHES = 191;

/** Share of the matches on the direct path while the legacy path fails beside it. */
export const DIRECT_PERCENT = 50;

/** Every N-th message of a match is a goal, the others are corners and yellow cards: about what a real match sends. */
const GOAL_EVERY = 6;
const REGULAR = 0;
const YELLOW = 3;
const CORNERS = 4;

export interface Score {
  readonly home: readonly number[];
  readonly away: readonly number[];
}

export function matchIdOf(index: number): string {
  return `bench${index.toString().padStart(10, '0')}`;
}

/** Names one displayed score, so that a frame on the screen finds the message that caused it. */
export function screenKey(matchId: string, home: number, away: number): string {
  return `${matchId} ${home}-${away}`;
}

/**
 * The truth the subjects are checked against: 5,000 second halves whose counts only grow, so that every message
 * is a legal and new state of its match, and the last message of each match is its right final row.
 */
export class Workload {
  private readonly scores = Array.from({ length: MATCHES }, () => ({ home: emptySlots(), away: emptySlots() }));
  private readonly sent = new Uint32Array(MATCHES);

  constructor(
    /** kick-off of every second half, unix seconds: `score[4]` of every message */
    readonly kickoffS: number,
  ) {}

  score(index: number): Score {
    return this.scores[index]!;
  }

  /** Changes the displayed score of one match. */
  goal(index: number): Score {
    return this.raise(index, REGULAR);
  }

  /** The next message in the life of one match: a goal now and then, else a corner or a card. */
  next(index: number): Score {
    const turn = index + this.sent[index]!;
    if (turn % GOAL_EVERY === 0) return this.raise(index, REGULAR);
    return this.raise(index, turn % 3 === 0 ? YELLOW : CORNERS);
  }

  /** One payload, envelope shape C, with the present score of each match. */
  payload(indexes: readonly number[]): Buffer {
    return Buffer.from(JSON.stringify(indexes.map((index) => this.item(index))));
  }

  private item(index: number): unknown {
    const id = matchIdOf(index);
    const { home, away } = this.score(index);
    return { id, score: [id, 4, home, away, this.kickoffS] };
  }

  private raise(index: number, slot: number): Score {
    const score = this.scores[index]!;
    const side = this.sent[index]!++ % 2 === 0 ? score.home : score.away;
    side[slot]!++;
    return score;
  }
}

function emptySlots(): number[] {
  return [0, 0, 0, 0, 0, 0, 0];
}
