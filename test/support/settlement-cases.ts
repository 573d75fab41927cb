import type { MatchStatus } from '../../src/domain/match-status.js';
import type { Slots } from '../../src/domain/score.js';
import { decideMarket, type Verdict } from '../../src/domain/settlement/decide-market.js';
import { readMarket } from '../../src/domain/settlement/market-text.js';
import { afterStep, afterTime, nextMomentMs } from '../../src/domain/settlement/settlement-fold.js';
import {
  type CommittedStep,
  EMPTY_PATH,
  type PeriodFormat,
  SETTLEMENT_LIMITS,
  type SettlementPath,
} from '../../src/domain/settlement/settlement-path.js';
import { SeededRandom } from './seeded-random.js';
import { KICKOFF_MS, randomSettlementHistory, type SettlementHistory } from './settlement-histories.js';
import { SETTLEMENT_MARKETS } from './settlement-markets.js';

const MINUTE_MS = 60_000;

/**
 * A committed version in short: status, source, goals in slot 0, goals in slot 1 (empty: no slots could be read), minutes
 * since kick-off, and provider time in unix seconds where there is one.
 */
export type ShortStep = readonly [
  status: number,
  source: string,
  regular: string,
  halfTime: string,
  minute: number,
  providerTimeS?: number,
];

/** A question and its answer, as a line of `docs/settlement-cases.jsonl`. */
export interface SettlementCase {
  readonly market: string;
  readonly path: readonly ShortStep[];
  readonly format: PeriodFormat;
  /** the moment of the answer, minutes since kick-off */
  readonly now: number;
  readonly verdict: Verdict['verdict'];
  readonly certainty: Verdict['certainty'];
  readonly reason: string;
  /** the goals that decided; null when none did */
  readonly basis: string | null;
}

/** The path after these versions, and after the time up to now. */
export function pathAt(steps: readonly CommittedStep[], format: PeriodFormat, nowMs: number): SettlementPath {
  let path: SettlementPath = { ...EMPTY_PATH, format };
  for (const step of steps) path = afterStep(timePassed(path, step.atMs), step);
  return timePassed(path, nowMs);
}

function timePassed(before: SettlementPath, nowMs: number): SettlementPath {
  let path = before;
  while ((nextMomentMs(path, SETTLEMENT_LIMITS) ?? Number.POSITIVE_INFINITY) <= nowMs)
    path = afterTime(path, SETTLEMENT_LIMITS);
  return path;
}

/** What the package says about it. */
export function answer(question: Pick<SettlementCase, 'market' | 'path' | 'format' | 'now'>): SettlementCase {
  const { market: text, path, format, now } = question;
  const market = readMarket(text, null);
  if (!market) throw new Error(`"${text}" is not known`);
  const steps = path.map(stepOf);
  const at = pathAt(steps, format, KICKOFF_MS + now * MINUTE_MS);
  const { verdict, certainty, reason, basis } = decideMarket(market, at, SETTLEMENT_LIMITS);
  return { market: text, path, format, now, verdict, certainty, reason, basis: basis && said(basis.home, basis.away) };
}

/** The version in full. */
export function stepOf(short: ShortStep, index: number): CommittedStep {
  const [status, source, regular, halfTime, minute, providerTimeS] = short;
  const [home, away] = sidesOf(regular, halfTime);
  return {
    epoch: 1,
    version: index,
    source,
    status: status as MatchStatus,
    home,
    away,
    providerTimeS: providerTimeS ?? null,
    atMs: KICKOFF_MS + minute * MINUTE_MS,
  };
}

function sidesOf(regular: string, halfTime: string): readonly [Slots | null, Slots | null] {
  if (regular === '') return [null, null];
  const [home = 0, away = 0] = regular.split('-').map(Number);
  const [halfHome = 0, halfAway = 0] = halfTime.split('-').map(Number);
  return [
    [home, halfHome, 0, 0, 0, 0, 0],
    [away, halfAway, 0, 0, 0, 0, 0],
  ];
}

function shortOf({ status, source, home, away, atMs, providerTimeS }: CommittedStep): ShortStep {
  const [regular, halfTime] = home && away ? [said(home[0], away[0]), said(home[1], away[1])] : ['', ''];
  const minute = (atMs - KICKOFF_MS) / MINUTE_MS;
  const short = [status, source, regular, halfTime, minute] as const;
  return providerTimeS === null ? short : [...short, providerTimeS];
}

function said(home: number, away: number): string {
  return `${home}-${away}`;
}

/** How many cases there are for each reason that a verdict can have, and how many matches are played to find them. */
const FOR_EACH_REASON = 110;
const MATCHES = 40_000;

/** A sample of every reason, in whole minutes, the same at every run. */
export function sampleOfCases(): SettlementCase[] {
  const random = new SeededRandom(20_261_129);
  const found = new Map<string, SettlementCase[]>();
  for (let n = 0; n < MATCHES; n++) {
    const history = randomSettlementHistory(random);
    const market = random.pick(random.pick(SETTLEMENT_MARKETS).texts);
    if (!isInWholeMinutes(history)) continue;
    const now = (history.endMs - KICKOFF_MS) / MINUTE_MS;
    const one = answer({ market, path: history.steps.map(shortOf), format: history.format, now });
    const known = found.get(one.reason) ?? [];
    if (known.length < FOR_EACH_REASON) found.set(one.reason, [...known, one]);
  }
  return [...found.keys()].sort().flatMap((reason) => found.get(reason) ?? []);
}

function isInWholeMinutes({ steps }: SettlementHistory): boolean {
  return steps.every(({ atMs }) => (atMs - KICKOFF_MS) % MINUTE_MS === 0);
}
