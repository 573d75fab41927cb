import type { Environment } from './environment.js';
import type { LatencyResult, SaturationResult } from './phases.js';
import { HOT_SETS, type HotSet, LOW_LOAD_RATES, type LowLoadRate } from './plan.js';
import type { SessionResult } from './session.js';
import { median, rounded } from './statistics.js';
import type { SubjectName } from './subject-process.js';

/** The sessions of one round, one per subject. */
export type Round = ReadonlyMap<SubjectName, SessionResult>;
type Picker<T> = (session: SessionResult) => T | null | undefined;
type Ratio = number | null;
type LowLoadReport = ReturnType<typeof lowLoadOf>;
type SaturationReport = ReturnType<typeof saturationOf>;

export interface BenchReport {
  readonly lowLoad: Readonly<Record<string, LowLoadReport>>;
  readonly saturation: Readonly<Record<string, SaturationReport>>;
  readonly burst20: ReturnType<typeof burstOf>;
  readonly targets: readonly Target[];
  readonly invalid: readonly string[];
  readonly rounds: number;
  readonly environment: unknown;
}

interface Target {
  readonly name: string;
  readonly limit: string;
  readonly value: Ratio;
  readonly met: boolean | null;
}

export function makeReport(rounds: readonly Round[], environment: Environment): BenchReport {
  const lowLoad = Object.fromEntries(LOW_LOAD_RATES.map((rate) => [rate, lowLoadOf(rounds, rate)]));
  const saturation = Object.fromEntries(HOT_SETS.map((hot) => [hot, saturationOf(rounds, hot)]));
  const burst = burstOf(rounds);
  return {
    lowLoad,
    saturation,
    burst20: burst,
    targets: [
      atMost('50 msg/s p50 / raw', 1.2, lowLoad[50]?.ratioToRaw),
      atMost('50 msg/s p95 / raw', 1.5, lowLoad[50]?.p95RatioToRaw),
      atMost('500 msg/s p50 / raw', 1.2, lowLoad[500]?.ratioToRaw),
      atMost('500 msg/s p95 / raw', 1.5, lowLoad[500]?.p95RatioToRaw),
      atMost('20-match payload p50 / raw', 0.8, burst.ratioToRaw),
      atLeast('saturation 5,000 matches / raw', 4, saturation[5000]?.ratioToRaw),
      atLeast('saturation 5,000 matches / stockNest', 10, saturation[5000]?.ratioToStockNest),
      atLeast('saturation 40 matches / raw', 8, saturation[40]?.ratioToRaw),
    ],
    invalid: rounds.flatMap((round, i) => [...round.values()].flatMap((session) => faultsOf(session, i + 1))),
    rounds: rounds.length,
    environment: {
      broker: environment.broker.kind,
      database: environment.database.kind,
      ...environment.machine,
    },
  };
}

function lowLoadOf(rounds: readonly Round[], rate: LowLoadRate) {
  const pick: Picker<LatencyResult> = (session) => session.lowLoad[rate];
  return {
    raw: latencyMedians(rounds, 'raw', pick),
    stockNest: latencyMedians(rounds, 'stockNest', pick),
    ours: latencyMedians(rounds, 'ours', pick),
    ratioToRaw: ratio(rounds, 'raw', (s) => pick(s)?.p50Ms),
    p95RatioToRaw: ratio(rounds, 'raw', (s) => pick(s)?.p95Ms),
    p99RatioToRaw: ratio(rounds, 'raw', (s) => pick(s)?.p99Ms),
    ratioToStockNest: ratio(rounds, 'stockNest', (s) => pick(s)?.p50Ms),
  };
}

function burstOf(rounds: readonly Round[]) {
  const pick: Picker<LatencyResult> = (session) => session.burst;
  return {
    raw: latencyMedians(rounds, 'raw', pick),
    ours: latencyMedians(rounds, 'ours', pick),
    ratioToRaw: ratio(rounds, 'raw', (s) => pick(s)?.p50Ms),
    perScoreRatioToRaw: ratio(rounds, 'raw', (s) => pick(s)?.perScoreP50Ms),
  };
}

function saturationOf(rounds: readonly Round[], hot: HotSet) {
  const pick: Picker<SaturationResult> = (session) => session.saturation[hot];
  const rate: Picker<number> = (session) => pick(session)?.messagesPerS;
  const medianRate = (name: SubjectName) => rounded(medianOf(rounds, name, rate), 0);
  return {
    raw: medianRate('raw'),
    stockNest: medianRate('stockNest'),
    ours: medianRate('ours'),
    ratioToRaw: ratio(rounds, 'raw', rate),
    ratioToStockNest: ratio(rounds, 'stockNest', rate),
    details: {
      raw: saturationMedians(rounds, 'raw', pick, hot),
      stockNest: saturationMedians(rounds, 'stockNest', pick, hot),
      ours: saturationMedians(rounds, 'ours', pick, hot),
    },
  };
}

function latencyMedians(rounds: readonly Round[], name: SubjectName, pick: Picker<LatencyResult>) {
  const of = (field: keyof LatencyResult, digits: number) =>
    rounded(
      medianOf(rounds, name, (session) => pick(session)?.[field]),
      digits,
    );
  return {
    p50Ms: of('p50Ms', 3),
    p95Ms: of('p95Ms', 3),
    p99Ms: of('p99Ms', 3),
    perScoreP50Ms: of('perScoreP50Ms', 3),
    messages: of('messages', 0),
    missing: of('missing', 0),
    rowsWritten: of('rowsWritten', 0),
    cpuUsPerMessage: of('cpuUsPerMessage', 0),
    eventLoopMaxMs: of('eventLoopMaxMs', 1),
  };
}

function saturationMedians(rounds: readonly Round[], name: SubjectName, pick: Picker<SaturationResult>, hot: HotSet) {
  const of = (field: keyof SaturationResult, digits: number) =>
    rounded(
      medianOf(rounds, name, (session) => pick(session)?.[field]),
      digits,
    );
  const messages = of('messages', 0);
  return {
    messages,
    messagesPerMatch: rounded(messages === null ? null : messages / hot, 1),
    rowsWritten: of('rowsWritten', 0),
    wrongRows: of('wrongRows', 0),
    cpuUsPerMessage: of('cpuUsPerMessage', 1),
    eventLoopMaxMs: of('eventLoopMaxMs', 1),
  };
}

function medianOf(rounds: readonly Round[], name: SubjectName, pick: Picker<number>): number | null {
  return median(rounds.map((round) => pickFrom(round, name, pick)));
}

/** The median of the rounds' own ratios: load that slows a whole round cancels out. */
function ratio(rounds: readonly Round[], base: SubjectName, pick: Picker<number>): Ratio {
  const ratios = rounds.map((round) => {
    const ours = pickFrom(round, 'ours', pick);
    const other = pickFrom(round, base, pick);
    return ours === null || other === null ? null : ours / other;
  });
  return rounded(median(ratios), 3);
}

function pickFrom(round: Round, name: SubjectName, pick: Picker<number>): number | null {
  const session = round.get(name);
  return session ? (pick(session) ?? null) : null;
}

function faultsOf({ subject, wrongRows, lowLoad, burst, saturation }: SessionResult, round: number): string[] {
  const missing = [...Object.values(lowLoad), burst].reduce((sum, phase) => sum + (phase?.missing ?? 0), 0);
  return [
    ...(wrongRows > 0 ? [`${wrongRows} wrong final rows`] : []),
    ...(missing > 0 ? [`${missing} scores never on screen`] : []),
    ...Object.entries(saturation)
      .filter(([, phase]) => phase.messagesPerS === null)
      .map(([hot, phase]) => `flood ${hot}: ${phase.wrongRows} wrong rows, ${phase.refused} refused`),
  ].map((fault) => `round ${round}, ${subject}: ${fault}`);
}

function atMost(name: string, limit: number, value: Ratio = null): Target {
  return { name, limit: `<= ${limit}`, value, met: value === null ? null : value <= limit };
}

function atLeast(name: string, limit: number, value: Ratio = null): Target {
  return { name, limit: `>= ${limit}`, value, met: value === null ? null : value >= limit };
}
