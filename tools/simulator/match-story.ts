import type { MatchState } from '../../src/domain/match-state.js';
import type { MatchStatus } from '../../src/domain/match-status.js';
import { type Slots, sameSlots } from '../../src/domain/score.js';
import { KICKOFF_S } from '../../test/support/history.js';
import { HAPPENINGS, tellMatch } from '../../test/support/random-match.js';
import type { SeededRandom } from '../../test/support/seeded-random.js';

/** A match is told in seconds, near its end: its kick-offs lie back as far as a real one's would. */
const TOLD_AT_MIN = 118;

/** One moment of a match, as readers should see it. */
export interface Moment {
  readonly status: MatchStatus;
  readonly home: Slots;
  readonly away: Slots;
}

/** What the provider says at one moment. */
export interface Saying {
  readonly tuple: readonly unknown[];
  readonly providerTimeS: number | null;
  readonly period: number;
  readonly status: MatchStatus;
  /** number of the moment it tells */
  readonly state: number;
}

/** The truth about one match: its moments in order, and every saying about them. */
export class MatchStory {
  readonly moments: Moment[] = [];
  readonly sayings: Saying[] = [];

  /** @param startS when it begins to be told, unix seconds */
  constructor(
    readonly matchId: string,
    startS: number,
    random: SeededRandom,
    readonly stamped: boolean,
  ) {
    const play = Array.from({ length: 8 }, () =>
      Array.from({ length: random.below(6) }, () => random.pick(HAPPENINGS)),
    );
    for (const told of tellMatch(random.pick([4, 6, 8]), play)) {
      const { status, home, away, period, kickoffS } = told;
      const moment = { status, home, away } as Moment;
      const last = this.moments.at(-1);
      if (!last || !isSame(last, moment)) this.moments.push(moment);
      this.sayings.push({
        tuple: [matchId, status, home, away, (kickoffS as number) - KICKOFF_S + startS - TOLD_AT_MIN * 60],
        providerTimeS: null,
        period,
        status,
        state: this.moments.length - 1,
      });
    }
  }

  get end(): number {
    return this.moments.length - 1;
  }
}

export function isSame(one: Moment, other: Pick<MatchState, 'status' | 'home' | 'away'>): boolean {
  return one.status === other.status && sameSlots(one.home, other.home) && sameSlots(one.away, other.away);
}
