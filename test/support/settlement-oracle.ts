// What becomes of a market, as the written rules say it, without a look at the package. Nothing is carried from version to
// version: every answer is searched for in the whole history, backwards from the moment that is asked about.
import type { CommittedStep, PeriodFormat } from '../../src/domain/settlement/settlement-path.js';

type Period = 'half' | 'match';
type Asked = 'over' | 'under' | 'both-score' | 'not-both-score' | 'home' | 'draw' | 'away';
type Answer = 'won' | 'lost' | 'void';

export interface MarketDescription {
  readonly period: Period;
  readonly asks: Asked;
  /** 0 where the market has no line */
  readonly line: number;
}

interface Told {
  readonly home: number;
  readonly away: number;
  readonly version: number;
}

export interface OracleVerdict {
  readonly verdict: Answer | 'open' | 'awaiting';
  readonly certainty: 1 | 2;
  /** the version whose goals decided; null when none did */
  readonly basis: Told | null;
}

const MINUTE_MS = 60_000;
const STANDS_AFTER_MS = 20 * MINUTE_MS;
const VOID_AFTER_MS = 48 * 60 * MINUTE_MS;
const WHOSE_WORD_COUNTS = ['api', 'admin', 'revert'];
const WHO_MAY_END_A_MATCH = ['mqtt', 'api', 'admin', 'revert'];
/** Nobody scores more in what is generated. */
const MOST_GOALS = 12;

/** The verdict after these versions, at this moment. */
export function settlementOracle(
  market: MarketDescription,
  steps: readonly CommittedStep[],
  format: PeriodFormat,
  nowMs: number,
): OracleVerdict {
  return new SettlementOracle(steps, format).verdictOf(market, steps.length, nowMs);
}

/** Answers for one match: about any number of its first versions, at any moment after them. */
export class SettlementOracle {
  private readonly history: History;
  private readonly periods: Readonly<Record<Period, PeriodOracle>>;

  constructor(
    steps: readonly CommittedStep[],
    private readonly format: PeriodFormat,
  ) {
    this.history = new History(steps);
    this.periods = { half: new HalfOracle(this.history), match: new MatchOracle(this.history) };
  }

  verdictOf(market: MarketDescription, count: number, nowMs: number): OracleVerdict {
    const ofHalf = market.period === 'half';
    if (ofHalf && this.format === 'other') return { verdict: 'void', certainty: 2, basis: null };
    const doubt = ofHalf && this.format === 'disputed';
    const period = this.periods[market.period];
    const surviving = period.surviving(count);
    const isSure = period.isConfirmed(count, nowMs);
    const decisive = surviving.find((goals) => decidedWith(market, goals) !== null);
    if (decisive) {
      const isFinal = (isSure || this.isVoid(count, nowMs)) && !doubt;
      return { verdict: decidedWith(market, decisive) ?? 'open', certainty: isFinal ? 2 : 1, basis: decisive };
    }
    const last = surviving.at(-1);
    const final = surviving.find(({ home, away }) => home === last?.home && away === last.away);
    if (period.endBefore(count) !== null && final && !doubt) {
      return { verdict: endsWith(market, final.home, final.away), certainty: isSure ? 2 : 1, basis: final };
    }
    return this.undecided(ofHalf, count, nowMs);
  }

  private undecided(ofHalf: boolean, count: number, nowMs: number): OracleVerdict {
    const { half, match } = this.periods;
    const fullTime = match.endBefore(count);
    const isLate = fullTime !== null && nowMs >= this.history.at(fullTime).atMs + VOID_AFTER_MS;
    if (this.isVoid(count, nowMs) || (ofHalf && isLate)) return { verdict: 'void', certainty: 2, basis: null };
    const isOver = ofHalf && (fullTime !== null || (this.format === 'disputed' && half.endBefore(count) !== null));
    const isAwaiting = isOver || this.history.outSince(count) !== null;
    return { verdict: isAwaiting ? 'awaiting' : 'open', certainty: 1, basis: null };
  }

  /** Is the match out of play for good? */
  private isVoid(count: number, nowMs: number): boolean {
    const since = this.history.outSince(count);
    if (since === null) return false;
    const stretch = this.history.steps.slice(since, count);
    const isTold = stretch.some(
      ({ status, source }) => (status === 11 || status === 12) && WHO_MAY_END_A_MATCH.includes(source),
    );
    return isTold || nowMs >= this.history.at(since).atMs + VOID_AFTER_MS;
  }
}

/** What is true of single versions, seen from the ones before them. */
class History {
  constructor(readonly steps: readonly CommittedStep[]) {}

  at(index: number): CommittedStep {
    return this.steps[index] as CommittedStep;
  }

  isLive(index: number): boolean {
    return [2, 3, 4, 5, 7].includes(this.at(index).status);
  }

  /** 8 without any play before it, or straight out of 9 to 13. */
  isAward(index: number): boolean {
    if (this.at(index).status !== 8) return false;
    const before = this.steps.slice(0, index);
    const wasPlayed = before.some((_, at) => this.isLive(at));
    const last = before.findLast(({ status }) => status !== 8);
    return !wasPlayed || (last !== undefined && last.status >= 9);
  }

  isPlay(index: number): boolean {
    return this.isLive(index) || (this.at(index).status === 8 && !this.isAward(index));
  }

  isOut(index: number): boolean {
    return this.at(index).status >= 9 || this.isAward(index);
  }

  /** The first version of the uninterrupted stretch out of play that goes up to here. */
  outSince(count: number): number | null {
    const lastInside = lastIndex(count, (index) => !this.isOut(index));
    return lastInside + 1 < count ? lastInside + 1 : null;
  }
}

/** One period of a match. The versions 0 to `count` - 1 are those that are known at the moment that is asked about. */
abstract class PeriodOracle {
  private readonly remembered = new Map<string, unknown>();

  constructor(protected readonly history: History) {}

  /** Is the period being played in this version? */
  abstract plays(index: number): boolean;
  /** Does this version say that the period is over? */
  abstract closes(index: number): boolean;
  /** The goals of the period that this version tells. */
  abstract told(index: number): Told | null;
  /** Is an end that is not confirmed undone by this version, which is none of play? */
  protected abstract undoes(index: number): boolean;
  protected abstract isNoGoal(index: number): boolean;
  protected abstract stands(endedAt: number, count: number, nowMs: number): boolean;

  /** The first version of the present end; null when the period is not over. */
  endBefore(count: number): number | null {
    return this.once(`end ${count}`, () => {
      const playedLast = lastIndex(count, (index) => this.isBackInPlay(index) || this.undoes(index));
      for (let index = playedLast + 1; index < count; index++) if (this.closes(index)) return index;
      return null;
    });
  }

  isConfirmed(count: number, nowMs: number): boolean {
    const endedAt = this.endBefore(count);
    return endedAt !== null && this.stands(endedAt, count, nowMs);
  }

  /** The scores that nobody took back: none of the later ones is below them, on either side. */
  surviving(count: number): readonly Told[] {
    return this.once(`surviving ${count}`, () => {
      const all = this.accepted(count);
      return all.filter((goals, at) => all.slice(at + 1).every((later) => !isBelow(later, goals)));
    });
  }

  protected known(count: number): Told | null {
    return this.accepted(count).at(-1) ?? null;
  }

  protected isBackInPlay(index: number): boolean {
    return this.plays(index) && this.isHeard(index);
  }

  private accepted(count: number): readonly Told[] {
    const heard = [...Array(count).keys()].filter((index) => this.isHeard(index));
    return heard.map((index) => this.told(index)).filter((goals) => goals !== null);
  }

  /** Does the version count for this period, or is it held back? */
  private isHeard(index: number): boolean {
    return this.once(`heard ${index}`, () => {
      if (!this.plays(index) && !this.closes(index)) return false;
      if (this.hasAuthority(index)) return true;
      if (!this.plays(index) && this.isNoGoal(index)) return false;
      if (!this.isConfirmed(index, this.history.at(index).atMs)) return true;
      return !this.plays(index) && !this.changes(index);
    });
  }

  /** Are its goals others than those that were known? */
  private changes(index: number): boolean {
    const [known, told] = [this.known(index), this.told(index)];
    return told !== null && (known === null || told.home !== known.home || told.away !== known.away);
  }

  private hasAuthority(index: number): boolean {
    const { source, providerTimeS } = this.history.at(index);
    if (WHOSE_WORD_COUNTS.includes(source)) return true;
    const endedAt = this.endBefore(index);
    if (endedAt === null || providerTimeS === null) return false;
    // the first version of an end says that what was known is its score, even when a rise of its own is none
    const heard = range(endedAt, index).filter((at) => at === endedAt || (!this.plays(at) && this.isHeard(at)));
    const changedAt = heard.findLast((at) => this.changes(at)) ?? endedAt;
    const times = heard.filter((at) => at >= changedAt).map((at) => this.history.at(at).providerTimeS);
    return providerTimeS > (times.find((time) => time !== null) ?? this.history.at(endedAt).atMs / 1_000);
  }

  private once<T>(question: string, answer: () => T): T {
    if (!this.remembered.has(question)) this.remembered.set(question, answer());
    return this.remembered.get(question) as T;
  }
}

class HalfOracle extends PeriodOracle {
  plays(index: number): boolean {
    return this.history.at(index).status === 2;
  }

  /** Over at the first version from half-time on whose slot 1 is believed. */
  closes(index: number): boolean {
    const [half, now] = [slot(this.history.at(index), 1), slot(this.history.at(index), 0)];
    if (this.plays(index) || !this.history.isPlay(index) || !half || !now) return false;
    if (this.history.at(index).status === 3) return half.home === now.home && half.away === now.away;
    if (isBelow(now, half)) return false;
    if (WHOSE_WORD_COUNTS.includes(this.history.at(index).source)) return true;
    const committed = this.known(index);
    const isUnfilled = committed !== null && isBelow(half, committed) && !isBelow(now, committed);
    return this.endBefore(index) !== null || !isUnfilled;
  }

  told(index: number): Told | null {
    return slot(this.history.at(index), this.plays(index) ? 0 : 1);
  }

  protected undoes(): boolean {
    return false;
  }

  protected isNoGoal(): boolean {
    return false;
  }

  protected stands(): boolean {
    return true;
  }
}

class MatchOracle extends PeriodOracle {
  plays(index: number): boolean {
    return [2, 3, 4].includes(this.history.at(index).status);
  }

  closes(index: number): boolean {
    return !this.plays(index) && this.history.isPlay(index) && (this.told(index) ?? this.known(index)) !== null;
  }

  told(index: number): Told | null {
    return slot(this.history.at(index), 0);
  }

  /** 9 to 13 after a full time that was not confirmed: it was none. */
  protected undoes(index: number): boolean {
    const { status, atMs } = this.history.at(index);
    return status >= 9 && !this.isConfirmed(index, atMs);
  }

  /** A rise once extra time or the shoot-out was reached, or at that moment when regular time was over before. */
  protected isNoGoal(index: number): boolean {
    const [known, told] = [this.known(index), this.told(index)];
    if (!known || !told || !isBelow(known, told)) return false;
    const playedLast = lastIndex(index, (at) => this.isBackInPlay(at));
    const wasExtra = range(playedLast + 1, index).some((at) => this.isExtra(at));
    return wasExtra || (this.isExtra(index) && this.endBefore(index) !== null);
  }

  protected stands(endedAt: number, count: number, nowMs: number): boolean {
    if (nowMs >= this.history.at(endedAt).atMs + STANDS_AFTER_MS) return true;
    return range(endedAt, count).some(
      (at) => this.closes(at) && WHOSE_WORD_COUNTS.includes(this.history.at(at).source),
    );
  }

  private isExtra(index: number): boolean {
    return [5, 7].includes(this.history.at(index).status);
  }
}

/** The answer at the end of the period. */
function endsWith({ asks, line }: MarketDescription, home: number, away: number): Answer {
  const total = home + away;
  if ((asks === 'over' || asks === 'under') && total === line) return 'void';
  const isRight: Record<Asked, boolean> = {
    over: total > line,
    under: total < line,
    'both-score': home * away > 0,
    'not-both-score': home * away === 0,
    home: home > away,
    draw: home === away,
    away: home < away,
  };
  return isRight[asks] ? 'won' : 'lost';
}

const decided = new Map<string, 'won' | 'lost' | null>();

/** The answer while the period is played: there is one when every score that can follow has the same. */
function decidedWith(market: MarketDescription, { home, away }: Told): 'won' | 'lost' | null {
  const key = `${market.asks} ${market.line} ${home} ${away}`;
  const known = decided.get(key);
  if (known !== undefined) return known;
  const answers = new Set(
    range(home, MOST_GOALS).flatMap((h) => range(away, MOST_GOALS).map((a) => endsWith(market, h, a))),
  );
  const [only] = answers;
  const answer = answers.size === 1 && only && only !== 'void' ? only : null;
  decided.set(key, answer);
  return answer;
}

function slot({ home, away, version }: CommittedStep, which: 0 | 1): Told | null {
  return home && away ? { home: home[which], away: away[which], version } : null;
}

/** Has either side fewer goals than there? */
function isBelow(a: Told, b: Told): boolean {
  return a.home < b.home || a.away < b.away;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
}

/** The last index below `count` of which it is true; -1 when there is none. */
function lastIndex(count: number, isTrue: (index: number) => boolean): number {
  for (let index = count - 1; index >= 0; index--) if (isTrue(index)) return index;
  return -1;
}
