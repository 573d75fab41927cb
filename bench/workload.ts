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
/** As high as a count rises before it falls again, step by step: beyond it no match is believed. */
const HIGHEST: Readonly<Record<number, number>> = { [REGULAR]: 90, [YELLOW]: 25, [CORNERS]: 55 };

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
 * The truth the subjects are checked against: 5,000 second halves. Every message moves one count by one, so it is a legal
 * and new state of its match, and the last message of each match is its right final row. In a real match the counts
 * would only grow; in a flood of some matches they would leave what a match can show, so they turn at a bound.
 */
export class Workload {
  private readonly scores: { home: number[]; away: number[] }[];
  private readonly sent: Uint32Array;
  /** moves of each count so far */
  private readonly moves: { home: number[]; away: number[] }[];

  constructor(
    /** kick-off of every second half, unix seconds: `score[4]` of every message */
    readonly kickoffS: number,
    matches = MATCHES,
  ) {
    const empty = () => ({ home: emptySlots(), away: emptySlots() });
    this.scores = Array.from({ length: matches }, empty);
    this.moves = Array.from({ length: matches }, empty);
    this.sent = new Uint32Array(matches);
  }

  score(index: number): Score {
    return this.scores[index]!;
  }

  /** Changes the displayed score of one match. */
  goal(index: number): Score {
    return this.move(index, REGULAR);
  }

  /** The next message in the life of one match: a goal now and then, else a corner or a card. */
  next(index: number): Score {
    const turn = index + this.sent[index]!;
    if (turn % GOAL_EVERY === 0) return this.move(index, REGULAR);
    return this.move(index, turn % 3 === 0 ? YELLOW : CORNERS);
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

  private move(index: number, slot: number): Score {
    const side = this.sent[index]!++ % 2 === 0 ? 'home' : 'away';
    const highest = HIGHEST[slot]!;
    const turn = ++this.moves[index]![side][slot]! % (2 * highest);
    const score = this.scores[index]!;
    score[side][slot] = turn <= highest ? turn : 2 * highest - turn;
    return score;
  }
}

function emptySlots(): number[] {
  return [0, 0, 0, 0, 0, 0, 0];
}
