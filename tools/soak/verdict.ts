import { percentile } from '../../src/kernel/percentile.js';
import type { Finding } from '../faults/checks/finding.js';
import type { SoakOptions } from './options.js';
import { isWithin, type Phases, type Span } from './phases.js';
import type { Sample } from './watch.js';

const MOST_RSS_RATIO = 1.1;
const LATEST_COMMIT_MS = 1_000;

/** Everything that was counted in one run. */
export interface SoakFacts {
  readonly sent: number;
  readonly acknowledged: number;
  readonly redelivered: number;
  readonly lost: number;
  readonly keepaliveLost: number;
  readonly unaccounted: number;
  /** after the return of the database; null: never */
  readonly firstCommitAfterReturnMs: number | null;
  /** until all that had been sent by then was acknowledged; null: not before the end */
  readonly caughtUpAfterReturnMs: number | null;
  /** messages that the host held unacknowledged, at most */
  readonly mostHeld: number;
  /** after full collections */
  readonly rssBeforeMb: number;
  readonly rssAfterMb: number;
  readonly samples: readonly Sample[];
  readonly healthAnswersMs: readonly number[];
  /** of one row by somebody else, straight to the database */
  readonly commitsMs: readonly number[];
  readonly findings: readonly Finding[];
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The last line of `--json`. */
export interface SoakVerdict {
  readonly minutes: number;
  readonly rate: number;
  readonly matches: number;
  readonly seed: number;
  /** load before the minutes that count */
  readonly warmUpS: number;
  readonly outageS: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly redelivered: number;
  readonly lost: number;
  readonly wrongRows: number;
  /** versions told with other content, goals told twice or taken back for nothing */
  readonly duplicated: number;
  /** promises without a number of their own */
  readonly broken: number;
  /** resident set just before the outage and at the end of the load, each after full collections */
  readonly rssBeforeMb: number;
  readonly rssAfterMb: number;
  readonly rssRatio: number;
  /** medians of the resident set as it was in the windows before them, garbage included */
  readonly rssRawBeforeMb: number;
  readonly rssRawAfterMb: number;
  /** highest value from the beginning of the outage to the end of the load */
  readonly rssPeakMb: number;
  readonly fdsBefore: number;
  readonly fdsAfter: number;
  /** connections to the broker after the first */
  readonly keepaliveLost: number;
  readonly firstCommitAfterReturnMs: number | null;
  readonly caughtUpAfterReturnMs: number | null;
  readonly unaccounted: number;
  /** messages that the host held unacknowledged at once, at most */
  readonly mostHeld: number;
  /** answers of the health route: a loop that stands still shows here */
  readonly healthMs: Percentiles;
  /** commits of one row past the host: a database that stands still by itself shows here */
  readonly databaseMs: Percentiles;
}

export function judge({ minutes, rate, matches, seed }: SoakOptions, phases: Phases, facts: SoakFacts): SoakVerdict {
  const { samples, findings } = facts;
  const sizes = (span: Span) => samples.filter(({ atS }) => isWithin(atS, span));
  const [before, after] = [sizes(phases.before), sizes(phases.after)];
  const since = sizes({ fromS: phases.outage.fromS, untilS: phases.endS });
  const { rssBeforeMb, rssAfterMb } = facts;
  const count = (...kinds: readonly Finding['kind'][]) => findings.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    minutes,
    rate,
    matches,
    seed,
    warmUpS: round(phases.endS - minutes * 60),
    outageS: round(phases.outage.untilS - phases.outage.fromS),
    sent: facts.sent,
    acknowledged: facts.acknowledged,
    redelivered: facts.redelivered,
    lost: facts.lost,
    wrongRows: count('wrong-row'),
    duplicated: count('duplicated', 'false-cancellation'),
    broken: count('broken', 'unaccounted'),
    rssBeforeMb: round(rssBeforeMb),
    rssAfterMb: round(rssAfterMb),
    rssRatio: round(rssAfterMb / rssBeforeMb, 3),
    rssRawBeforeMb: round(median(before.map(({ rssMb }) => rssMb))),
    rssRawAfterMb: round(median(after.map(({ rssMb }) => rssMb))),
    rssPeakMb: round(Math.max(...since.map(({ rssMb }) => rssMb))),
    fdsBefore: median(before.map(({ fds }) => fds)),
    fdsAfter: median(after.map(({ fds }) => fds)),
    keepaliveLost: facts.keepaliveLost,
    firstCommitAfterReturnMs: facts.firstCommitAfterReturnMs,
    caughtUpAfterReturnMs: facts.caughtUpAfterReturnMs,
    unaccounted: facts.unaccounted,
    mostHeld: facts.mostHeld,
    healthMs: percentiles(facts.healthAnswersMs),
    databaseMs: percentiles(facts.commitsMs),
  };
}

/** What was promised and did not hold, in words; empty when all is well. */
export function brokenPromises(verdict: SoakVerdict): readonly string[] {
  const { lost, wrongRows, duplicated, broken, keepaliveLost, unaccounted, rssRatio } = verdict;
  const firstCommitMs = verdict.firstCommitAfterReturnMs;
  const faults = [
    lost > 0 && `${lost} lost`,
    wrongRows > 0 && `${wrongRows} wrong rows`,
    duplicated > 0 && `${duplicated} told twice or taken back for nothing`,
    broken > 0 && `${broken} other promises broken`,
    keepaliveLost > 0 && `the connection to the broker was lost ${keepaliveLost} times`,
    unaccounted > 0 && `${unaccounted} updates unaccounted`,
    !(rssRatio <= MOST_RSS_RATIO) && `memory after the outage is ${rssRatio} of before, at most ${MOST_RSS_RATIO}`,
    (firstCommitMs === null || firstCommitMs > LATEST_COMMIT_MS) &&
      `first commit ${firstCommitMs ?? 'never'} ms after the return of the database, at most ${LATEST_COMMIT_MS}`,
  ];
  return faults.filter((fault) => fault !== false);
}

function median(values: readonly number[]): number {
  return at(values, 0.5);
}

/** @param share 0–1 */
function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return percentile(sorted, share) ?? Number.NaN;
}

function percentiles(values: readonly number[]): Percentiles {
  return {
    p50: round(at(values, 0.5)),
    p99: round(at(values, 0.99)),
    max: round(at(values, 1)),
  };
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
