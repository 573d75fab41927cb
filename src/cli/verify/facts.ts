import type { PoolFacts } from '../../contracts/health-facts.js';
import type { LatencyStats } from '../../contracts/latency-facts.js';
import type { Liveness } from '../../health/health-report.js';

/** What is known, or why it is not; `failed` where it was asked, and should have been answered. */
export type Known<T> = { readonly value: T } | { readonly unknown: string; readonly failed?: boolean };

/** The parts of `GET /health` that are judged. */
export type HealthAnswer = Pick<Liveness, 'uptime_s' | 'accounting'> &
  Partial<Pick<Liveness, 'feed' | 'lease' | 'rollout' | 'provider' | 'minute' | 'settlement' | 'sync' | 'stale'>>;

/** What a running host tells over HTTP, looked at several times in two seconds. */
export interface HostFacts {
  /** the newest answer of `/health` */
  readonly health: HealthAnswer;
  /** looks at `/health`, and how many of them were answered */
  readonly looks: number;
  readonly answered: number;
  /** `unaccounted` of the last looks, oldest first */
  readonly unaccounted: readonly number[];
  readonly ready: { readonly status: number; readonly error: string | null };
  readonly pool: Known<readonly PoolFacts[]>;
  readonly latency: Known<{ readonly all: LatencyStats; readonly goals: LatencyStats }>;
  /** statements that failed since the start; unknown where `/metrics` is off */
  readonly writeErrors: Known<number>;
}

/** One row as evidence. */
export interface MeasuredRow {
  readonly matchId: string;
  readonly version: number;
  readonly ms: number;
}

/** A number of measurements, their 95th percentile, and the slowest few. */
export interface Measured {
  readonly count: number;
  readonly p95Ms: number | null;
  readonly slowest: readonly MeasuredRow[];
}

/** Live matches that lack a value: how many of how many, and the ids of a few. */
export interface Lacking {
  readonly live: number;
  readonly lacking: number;
  readonly ids: readonly string[];
}

export interface AgedMatch {
  readonly matchId: string;
  readonly ageS: number;
  readonly what?: string;
}

/** A live match whose minute is behind the formula. */
export interface MinuteBehind {
  readonly matchId: string;
  readonly stored: number | null;
  readonly expected: number;
}

export interface SyncRun {
  readonly entity: string;
  readonly verdict: string;
  readonly error: string | null;
}

/** What the database says. */
export interface DatabaseFacts {
  /** from the receipt of a push to its commit, in the period */
  readonly writes: Known<Measured>;
  /** from the commit of a goal to the settlement of its predictions, in the period */
  readonly settlements: Known<Measured>;
  readonly scores: Known<Lacking>;
  /** of those live for a minute at least */
  readonly minutes: Known<Lacking>;
  readonly minutesBehind: Known<{ readonly judged: number; readonly behind: readonly MinuteBehind[] }>;
  /** matches with predictions whose newest version is not settled */
  readonly openSettlements: Known<readonly AgedMatch[]>;
  /** matches that stand still although the provider was asked */
  readonly stale: Known<readonly AgedMatch[]>;
  readonly syncRuns: Known<readonly SyncRun[]>;
  /** live matches of the direct path, and those whose row is not what the journal says, twice in two seconds */
  readonly journal: Known<{ readonly judged: number; readonly apart: readonly AgedMatch[] }>;
}

export interface VerifyFacts {
  readonly host: Known<HostFacts>;
  readonly database: Known<DatabaseFacts>;
  /** as in "15 min", or "20 s" */
  readonly period: string;
}

export type Verdict = 'pass' | 'fail' | 'waiting';

/** What a criterion says of the facts. */
export interface Judgement {
  readonly verdict: Verdict;
  /** numbers, and of which rows */
  readonly evidence: string;
  /** null when nothing is to be done */
  readonly action: string | null;
}

export interface Criterion {
  readonly id: string;
  readonly title: string;
  readonly target: string;
  judge(facts: VerifyFacts): Judgement;
}

export const pass = (evidence: string): Judgement => ({ verdict: 'pass', evidence, action: null });
export const fail = (evidence: string, action: string): Judgement => ({ verdict: 'fail', evidence, action });
export const waiting = (evidence: string, action: string | null = null): Judgement => ({
  verdict: 'waiting',
  evidence,
  action,
});

/** Judges what is known; what is not is waited for, with the reason. */
export function whenKnown<T>(known: Known<T>, judge: (value: T) => Judgement): Judgement {
  return 'value' in known ? judge(known.value) : waiting(known.unknown);
}

export const ofHost = (facts: VerifyFacts, judge: (host: HostFacts) => Judgement): Judgement =>
  whenKnown(facts.host, judge);

export const ofDatabase = <T>(
  { database }: VerifyFacts,
  part: (facts: DatabaseFacts) => Known<T>,
  judge: (value: T) => Judgement,
): Judgement => whenKnown(database, (facts) => whenKnown(part(facts), judge));

/** As in "90 s", "15 min" or "3 h". */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

/** Ids as evidence: the first few. */
export function some(ids: readonly string[], all = ids.length): string {
  const shown = ids.slice(0, 5);
  const more = all - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
