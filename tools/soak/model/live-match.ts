import type { Commentary, Incident, Statistic } from '../../../src/domain/match-update.js';
import type { SeededRandom } from '../../../test/support/seeded-random.js';
import { type Frame, type MatchHistory, makeHistory } from '../../faults/model/match-history.js';
import { tupleOf } from '../../faults/model/message.js';
import { incidentsOf } from './incidents-of.js';

/** One message about the match: one or more of the four kinds, named as in the feed's envelope. */
interface Part {
  readonly frame?: Frame;
  readonly stats?: readonly Statistic[];
  readonly incidents?: readonly Incident[];
  readonly tlive?: readonly Commentary[];
}

/** Chances per score frame. */
const COMBINED = 0.2;
const COMMENTARY = 0.7;
const STATISTICS = 0.6;

/** A match from kick-off to its end, told in messages of its own, and everything it has told so far. */
export class LiveMatch {
  readonly matchId: string;
  /** the whole match */
  readonly history: MatchHistory;
  private readonly waiting: Part[] = [];
  private readonly happened: Incident[] = [];
  private reached = 0;
  private newestFrame = 0;
  private newestIncidents: readonly Incident[] = [];
  private readonly lines: Commentary[] = [];
  private readonly figures = new Map<number, Statistic>();

  constructor(
    matchId: string,
    frames: number,
    nowS: number,
    private readonly random: SeededRandom,
  ) {
    this.matchId = matchId;
    this.history = makeHistory(matchId, frames, nowS, random);
  }

  get isOver(): boolean {
    return this.waiting.length === 0 && this.reached === this.history.frames.length;
  }

  /**
   * The next message; counts as told from here on.
   * @param number makes the payload the only one of its kind
   */
  next(number: number): string {
    if (this.waiting.length === 0) this.playOn();
    const { frame, ...details } = this.waiting.shift() ?? {};
    if (frame) this.newestFrame = frame.nth;
    if (details.incidents) this.newestIncidents = details.incidents;
    for (const line of details.tlive ?? []) this.lines.push(line);
    for (const statistic of details.stats ?? []) this.figures.set(statistic.type, statistic);
    return JSON.stringify({
      no: number,
      id: this.matchId,
      ...(frame && { score: tupleOf(frame) }),
      ...details,
    });
  }

  /** The part of the history that was told. */
  get told(): MatchHistory {
    return { ...this.history, frames: this.history.frames.slice(0, this.newestFrame) };
  }

  get toldIncidents(): readonly Incident[] {
    return this.newestIncidents;
  }

  get toldCommentary(): readonly Commentary[] {
    return this.lines;
  }

  get toldStatistics(): readonly Statistic[] {
    return [...this.figures.values()];
  }

  private playOn(): void {
    const frame = this.history.frames[this.reached] as Frame;
    const before = this.history.frames[this.reached - 1];
    this.reached += 1;
    const fresh = incidentsOf(before, frame, this.minute);
    this.happened.push(...fresh);
    const incidents = fresh.length > 0 ? [...this.happened] : undefined;
    const tlive = this.random.next() < COMMENTARY || incidents ? [this.line(frame, fresh)] : undefined;
    const stats = this.random.next() < STATISTICS ? this.statistics(frame) : undefined;
    const details = [incidents && { incidents }, tlive && { tlive }, stats && { stats }].filter(
      (one) => one !== undefined,
    );
    if (this.random.next() < COMBINED) this.waiting.push(Object.assign({ frame }, ...details));
    else this.waiting.push({ frame }, ...details);
  }

  private get minute(): number {
    return Math.ceil((90 * this.reached) / this.history.frames.length);
  }

  private line({ nth, home, away }: Frame, fresh: readonly Incident[]): Commentary {
    const what = fresh.length > 0 ? `incident of type ${fresh[0]?.type}` : `the ${nth}th attack of this match`;
    return { time: `${this.minute}'`, data: `${this.minute}' ${what}, ${home[0]}-${away[0]}`, position: nth % 3 };
  }

  private statistics({ nth }: Frame): readonly Statistic[] {
    const possession = 35 + this.random.below(30);
    return [
      { type: 2, home: nth, away: 0 },
      { type: 21, home: Math.floor(nth / 6), away: Math.floor(nth / 9) },
      { type: 22, home: Math.floor(nth / 4), away: Math.floor(nth / 5) },
      { type: 23, home: nth * 3, away: nth * 2 },
      { type: 24, home: nth, away: nth },
      { type: 25, home: possession, away: 100 - possession },
    ];
  }
}
