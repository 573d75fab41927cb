import { MatchStatus } from '../match-status.js';
import type { Goals, Market, MarketResult } from './market.js';
import type { OutOfPlay, PeriodPath, Scored, SettlementLimits, SettlementPath } from './settlement-path.js';

/** 1: on a live score; 2: confirmed. As betting feeds have it. */
export type Certainty = 1 | 2;

/** What a market is at one point of a path, and why. */
export interface Verdict {
  /** `awaiting`: the period is over or interrupted, and what would decide is missing */
  readonly verdict: MarketResult | 'open' | 'awaiting';
  readonly certainty: Certainty;
  /** which rule spoke: `instant_win_ms`, `fulltime_settlement`, `void_abandoned` … */
  readonly reason: string;
  /** goals of the period that decided, with their version; null when none did */
  readonly basis: Scored | null;
  /** goals of the period as it stands; null when nothing is known of it */
  readonly score: Goals | null;
  /** when an awaiting market becomes void, unix ms */
  readonly deadlineMs: number | null;
}

const VOID_REASONS: Partial<Record<MatchStatus, string>> = {
  [MatchStatus.Delayed]: 'postponed',
  [MatchStatus.Interrupted]: 'interrupted',
  [MatchStatus.Abandoned]: 'abandoned',
  [MatchStatus.Cancelled]: 'cancelled',
  [MatchStatus.ToBeDetermined]: 'to_be_determined',
};

/** Decides a market by the path of its match: a pure function, the same for every prediction with that text. */
export function decideMarket(market: Market, path: SettlementPath, limits: SettlementLimits): Verdict {
  const period = path[market.period];
  const score = period.trail.at(-1) ?? null;
  const isOfHalf = market.period === 'half';
  if (isOfHalf && path.format === 'other') return voided('format', score);
  const inDoubt = isOfHalf && path.format === 'disputed';
  const decisive = period.trail.find((scored) => market.inPlay(scored) !== null);
  if (decisive) return instantly(market, decisive, score, isSettled(period, path) && !inDoubt);
  if (period.end && score && !inDoubt) return atTheEnd(market, period.end.certain, score);
  if (isOfHalf && path.lapsed) return voided(period.end ? 'format' : 'halftime_score', score);
  if (path.out) return outOfPlay(path.out, score, limits);
  if (period.end && inDoubt) return awaiting('format', score, lapsesAtMs(path.match, limits));
  if (isOfHalf && path.match.end) return awaiting('halftime_score', score, lapsesAtMs(path.match, limits));
  return { verdict: 'open', certainty: 1, reason: 'open', basis: null, score, deadlineMs: null };
}

/** Its end was confirmed, or the match will not go on. */
function isSettled({ end }: PeriodPath, { out }: SettlementPath): boolean {
  return (end?.certain ?? false) || (out?.final ?? false);
}

function instantly(market: Market, basis: Scored, score: Goals | null, settled: boolean): Verdict {
  const verdict = market.inPlay(basis) === 'won' ? 'won' : 'lost';
  const reason = `instant_${verdict === 'won' ? 'win' : 'loss'}_${market.period === 'half' ? 'iy' : 'ms'}`;
  return { verdict, certainty: settled ? 2 : 1, reason, basis, score, deadlineMs: null };
}

function atTheEnd(market: Market, certain: boolean, basis: Scored): Verdict {
  const verdict = market.atEnd(basis);
  const end = market.period === 'half' ? 'halftime' : 'fulltime';
  return {
    verdict,
    certainty: certain ? 2 : 1,
    reason: `${end}_${ENDINGS[verdict]}`,
    basis,
    score: basis,
    deadlineMs: null,
  };
}

/** The words of the platform's own settlement, for won and lost. */
const ENDINGS = { won: 'settlement', lost: 'threshold_not_met', void: 'push' } as const;

function outOfPlay(out: OutOfPlay, score: Goals | null, { voidAfterMs }: SettlementLimits): Verdict {
  const reason = out.awarded ? 'awarded' : (VOID_REASONS[out.status] ?? 'operator');
  return out.final ? voided(reason, score) : awaiting(reason, score, out.sinceMs + voidAfterMs);
}

function voided(why: string, score: Goals | null): Verdict {
  return { verdict: 'void', certainty: 2, reason: `void_${why}`, basis: null, score, deadlineMs: null };
}

function awaiting(why: string, score: Goals | null, deadlineMs: number | null): Verdict {
  return { verdict: 'awaiting', certainty: 1, reason: `awaiting_${why}`, basis: null, score, deadlineMs };
}

/** What decides the half is waited for until the match is long over. */
function lapsesAtMs({ end }: PeriodPath, { voidAfterMs }: SettlementLimits): number | null {
  return end && end.atMs + voidAfterMs;
}
