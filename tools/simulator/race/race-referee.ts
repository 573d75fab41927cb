import type { ScoreCommitted } from '../../../src/contracts/committed-changes.js';
import type { Side } from '../../../src/domain/match-event.js';
import type { JournalEntry } from '../../../src/testing/in-memory-score-row.js';
import { goalsOf, type Moment, saysTheSame, virtualMs } from '../truth/moment.js';
import type { RaceMatch } from './race-match.js';

/** A promise of the race that was not kept. */
export class RaceFault extends Error {
  override readonly name = 'RaceFault';
}

/** One goal, or one cancellation, that clients were told of. */
export interface Told {
  readonly type: 'goal' | 'goal-cancelled';
  readonly side: Side;
  /** goals of that side then */
  readonly goals: number;
  readonly catchUp: boolean;
  /** virtual ms */
  readonly atMs: number;
}

/**
 * Watches over one match. Every row that readers ever see has the status and the goals of a moment of the truth that is not in
 * the future, and these moments never go back: each is one that the row has shown, or a later one. Each goal and each
 * cancellation is told as often as it happened, at most.
 */
export class RaceReferee {
  readonly told: Told[] = [];
  /** of the moment that the row shows: the earliest that it can be */
  private shown = 0;
  private row: Moment | JournalEntry['after'];

  constructor(private readonly match: RaceMatch) {
    this.row = match.moments[0] as Moment;
  }

  get isRight(): boolean {
    return saysTheSame(this.row, this.match.moments.at(-1) as Moment);
  }

  /** For how long the row has not said what is true, ms at that time, virtual ms; 0 when it does. */
  wrongForMs(atMs: number): number {
    const past = this.match.moments.filter(({ atS }) => virtualMs(atS) <= atMs);
    const truth = past.at(-1);
    if (!truth || saysTheSame(this.row, truth)) return 0;
    const before = past.findLastIndex((moment) => !saysTheSame(moment, truth));
    return atMs - virtualMs((past[before + 1] ?? truth).atS);
  }

  committed({ after, source, catchUp }: JournalEntry, atMs: number): void {
    const { moments } = this.match;
    const next = moments.findIndex(
      (moment, n) => n >= this.shown && virtualMs(moment.atS) <= atMs && saysTheSame(moment, after),
    );
    this.row = after;
    if (next >= 0) {
      this.shown = next;
      return;
    }
    const before = moments.findLastIndex((moment, n) => n < this.shown && saysTheSame(moment, after));
    const what = before < 0 ? 'says what never was' : `goes back from moment ${this.shown} to ${before}`;
    this.fail(atMs, `the row of ${source}${catchUp ? ' (pulled)' : ''} ${what}: ${show(after)}`);
  }

  announced({ events, catchUp }: ScoreCommitted, atMs: number): void {
    for (const event of events) {
      if (event.type !== 'goal' && event.type !== 'goal-cancelled') continue;
      const { type, side } = event;
      const goals = side === 'home' ? event.homeScore : event.awayScore;
      this.told.push({ type, side, goals, catchUp, atMs });
      const times = this.told.filter((one) => one.type === type && one.side === side && one.goals === goals).length;
      if (times > this.happened(type, side, goals, atMs))
        this.fail(atMs, `${type} of ${side}, ${goals}, was told ${times} times`);
    }
  }

  /** After the last word about the match. */
  finished(atMs: number): void {
    if (!this.isRight) this.fail(atMs, `the row ends with ${show(this.row)}`);
    for (const side of ['home', 'away'] as const) {
      const sum = this.told.reduce((n, one) => n + (one.side !== side ? 0 : one.type === 'goal' ? 1 : -1), 0);
      const goals = goalsOf((this.match.moments.at(-1) as Moment)[side]);
      if (sum !== goals) this.fail(atMs, `${sum} goals of ${side} were told, ${goals} happened`);
    }
  }

  private happened(type: Told['type'], side: Side, goals: number, atMs: number): number {
    const { moments } = this.match;
    const step = type === 'goal' ? 1 : -1;
    return moments.filter(({ atS, ...now }, n) => {
      const before = moments[n - 1];
      if (!before || virtualMs(atS) > atMs) return false;
      // what is told counts kicks of a shoot-out that came before
      const is = goalsOf(now[side]);
      return is + now[side][6] === goals && is - goalsOf(before[side]) === step;
    }).length;
  }

  private fail(atMs: number, what: string): never {
    const { moments, id } = this.match;
    const truth = moments
      .map((moment, n) => ({ n, moment }))
      .filter(({ n, moment }) => n >= this.shown - 2 && virtualMs(moment.atS) <= atMs + 10_000)
      .map(({ n, moment }) => `${n}@${virtualMs(moment.atS)}: ${show(moment)}`);
    throw new RaceFault(`${id} at ${Math.floor(atMs)}: ${what}; truth ${truth.join(', ')}`);
  }
}

function show({ status, home, away }: Pick<Moment, 'status' | 'home' | 'away'>): string {
  return `${status} ${goalsOf(home)}-${goalsOf(away)}${home[6] + away[6] > 0 ? ` (${home[6]}-${away[6]})` : ''}`;
}
