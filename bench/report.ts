import type { Environment } from './environment.js';
import type { LatencyResult, SaturationResult } from './phases.js';
import { HOT_SETS, type HotSet, LOW_LOAD_RATES, type LowLoadRate } from './plan.js';
import type { SeriesName } from './series.js';
import type { SessionResult } from './session.js';
import { median, rounded } from './statistics.js';
import type { SubjectName } from './subject-process.js';

/** The sessions of one round, by series and subject. */
export type Round = ReadonlyMap<SeriesName, Sessions>;
type Sessions = ReadonlyMap<SubjectName, SessionResult>;
type Picker<T> = (session: SessionResult) => T | null | undefined;
type Ratio = number | null;
type LowLoadReport = ReturnType<typeof lowLoadOf>;
type SaturationReport = ReturnType<typeof saturationOf>;

export interface BenchReport {
  readonly lowLoad: Readonly<Record<string, LowLoadReport>>;
  readonly saturation: Readonly<Record<string, SaturationReport>>;
  readonly burst20: ReturnType<typeof burstOf>;
  readonly qos1: ReturnType<typeof qos1Of>;
  readonly generator: ReturnType<typeof generatorOf>;
  readonly legacy: ReturnType<typeof legacyOf>;
  readonly independence: ReturnType<typeof independenceOf>;
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

export function makeReport(allRounds: readonly Round[], environment: Environment): BenchReport {
  const rounds = sessionsOf(allRounds, 'qos0');
  const qos1 = qos1Of(sessionsOf(allRounds, 'qos1'));
  const generator = generatorOf(sessionsOf(allRounds, 'generator'));
  const legacy = legacyOf(sessionsOf(allRounds, 'legacy'));
  const independence = independenceOf(sessionsOf(allRounds, 'independence'));
  const lowLoad = Object.fromEntries(LOW_LOAD_RATES.map((rate) => [rate, lowLoadOf(rounds, rate)]));
  const saturation = Object.fromEntries(HOT_SETS.map((hot) => [hot, saturationOf(rounds, hot)]));
  const burst = burstOf(rounds);
  return {
    lowLoad,
    saturation,
    burst20: burst,
    qos1,
    generator,
    legacy,
    independence,
    targets: [
      atMost('50 msg/s p50 / raw', 1.2, lowLoad[50]?.ratioToRaw),
      atMost('50 msg/s p95 / raw', 1.5, lowLoad[50]?.p95RatioToRaw),
      atMost('500 msg/s p50 / raw', 1.2, lowLoad[500]?.ratioToRaw),
      atMost('500 msg/s p95 / raw', 1.5, lowLoad[500]?.p95RatioToRaw),
      atMost('20-match payload p50 / raw', 0.8, burst.ratioToRaw),
      atLeast('saturation 5,000 matches / raw', 4, saturation[5000]?.ratioToRaw),
      atLeast('saturation 5,000 matches / stockNest', 10, saturation[5000]?.ratioToStockNest),
      atLeast('saturation 40 matches / raw', 8, saturation[40]?.ratioToRaw),
      atMost('QoS 1, 500 msg/s p50, after commit / at once', 1.1, qos1.ratioToAtOnce),
      atLeast('QoS 1, saturation, after commit / at once', 1 / 1.1, qos1.saturation.ratioToAtOnce),
      atLeast('QoS 1, saturation / raw', 3.5, qos1.saturation.ratioToRaw),
      atLeast('QoS 1, saturation / stockNest', 7, qos1.saturation.ratioToStockNest),
      atLeast(
        'generator, QoS 1, receive and acknowledge late / stock server, empty handler',
        2,
        generator.receiveRatio,
      ),
      atMost('500 msg/s p50 of the direct path, legacy queue hanging / healthy', 1.15, independence.hanging.ratio),
      atMost('500 msg/s p50 of the direct path, Redis gone / healthy', 1.15, independence.withoutRedis.ratio),
    ],
    invalid: allRounds.flatMap((round, i) =>
      [...round].flatMap(([series, sessions]) =>
        [...sessions.values()].flatMap((session) => faultsOf(session, `round ${i + 1}, ${series}`)),
      ),
    ),
    rounds: allRounds.length,
    environment: {
      broker: environment.broker.kind,
      brokerForQos1: environment.windowBroker.kind,
      database: environment.database.kind,
      ...environment.machine,
    },
  };
}

function sessionsOf(rounds: readonly Round[], series: SeriesName): readonly Sessions[] {
  return rounds.map((round) => round.get(series) ?? new Map());
}

/** What acknowledging after the commit costs against acknowledging at once, and how both compare. */
function qos1Of(rounds: readonly Sessions[]) {
  const p50: Picker<number> = (session) => session.lowLoad[500]?.p50Ms;
  const rate: Picker<number> = (session) => session.saturation[5_000]?.messagesPerS;
  const medianRate = (name: SubjectName) => rounded(medianOf(rounds, name, rate), 0);
  return {
    p50Ms: {
      raw: rounded(medianOf(rounds, 'raw', p50), 3),
      stockNest: rounded(medianOf(rounds, 'stockNest', p50), 3),
      ours: rounded(medianOf(rounds, 'ours', p50), 3),
      oursAtOnce: rounded(medianOf(rounds, 'oursAtOnce', p50), 3),
    },
    ratioToAtOnce: ratio(rounds, 'oursAtOnce', p50),
    ratioToRaw: ratio(rounds, 'raw', p50),
    saturation: {
      raw: medianRate('raw'),
      stockNest: medianRate('stockNest'),
      ours: medianRate('ours'),
      oursAtOnce: medianRate('oursAtOnce'),
      ratioToAtOnce: ratio(rounds, 'oursAtOnce', rate),
      ratioToRaw: ratio(rounds, 'raw', rate),
      ratioToStockNest: ratio(rounds, 'stockNest', rate),
    },
  };
}

/** Messages per second without a broker. Only `ours` judges and writes them; `oursReceive` decodes and acknowledges late. */
function generatorOf(rounds: readonly Sessions[]) {
  const rate: Picker<number> = (session) => session.saturation[5_000]?.messagesPerS;
  return {
    stockEmpty: rounded(medianOf(rounds, 'stockEmpty', rate), 0),
    oursReceive: rounded(medianOf(rounds, 'oursReceive', rate), 0),
    ours: rounded(medianOf(rounds, 'ours', rate), 0),
    receiveRatio: ratio(rounds, 'stockEmpty', rate, 'oursReceive'),
    writingRatio: ratio(rounds, 'stockEmpty', rate),
    cpuUsPerMessage: {
      oursReceive: rounded(
        medianOf(rounds, 'oursReceive', (session) => session.saturation[5_000]?.cpuUsPerMessage),
        1,
      ),
      stockEmpty: rounded(
        medianOf(rounds, 'stockEmpty', (session) => session.saturation[5_000]?.cpuUsPerMessage),
        1,
      ),
      ours: rounded(
        medianOf(rounds, 'ours', (session) => session.saturation[5_000]?.cpuUsPerMessage),
        1,
      ),
    },
  };
}

/** The path that is replaced, on the same goals: latency, and the goals its clients saw late or never. */
function legacyOf(rounds: readonly Sessions[]) {
  const at = (rate: LowLoadRate) => {
    const pick: Picker<LatencyResult> = (session) => session.lowLoad[rate];
    return {
      legacy: goalsSeen(rounds, 'legacy', pick),
      ours: goalsSeen(rounds, 'ours', pick),
      ratioToLegacy: ratio(rounds, 'legacy', (s) => pick(s)?.p50Ms),
      p95RatioToLegacy: ratio(rounds, 'legacy', (s) => pick(s)?.p95Ms),
    };
  };
  return Object.fromEntries(LOW_LOAD_RATES.map((rate) => [rate, at(rate)]));
}

/** The direct path while the legacy path beside it works, hangs, or has lost its Redis. */
function independenceOf(rounds: readonly Sessions[]) {
  const pick: Picker<LatencyResult> = (session) => session.lowLoad[500];
  const beside = (name: SubjectName) => {
    const { p50Ms, p95Ms, p99Ms, missing, cpuUsPerMessage } = latencyMedians(rounds, name, pick);
    const value = ratio(rounds, 'oursBesideHealthy', (session) => pick(session)?.p50Ms, name);
    return { p50Ms, p95Ms, p99Ms, missing, cpuUsPerMessage, ratio: value };
  };
  return {
    healthy: beside('oursBesideHealthy'),
    hanging: beside('oursBesideHanging'),
    withoutRedis: beside('oursWithoutRedis'),
  };
}

/** Latencies are medians of the rounds, goals are summed. */
function goalsSeen(rounds: readonly Sessions[], name: SubjectName, pick: Picker<LatencyResult>) {
  const sum = (field: 'messages' | 'late' | 'missing') =>
    rounds.reduce((total, round) => total + (pickFrom(round, name, (session) => pick(session)?.[field]) ?? 0), 0);
  const { p50Ms, p95Ms, p99Ms } = latencyMedians(rounds, name, pick);
  return { p50Ms, p95Ms, p99Ms, goals: sum('messages'), late: sum('late'), lost: sum('missing') };
}

function lowLoadOf(rounds: readonly Sessions[], rate: LowLoadRate) {
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

function burstOf(rounds: readonly Sessions[]) {
  const pick: Picker<LatencyResult> = (session) => session.burst;
  return {
    raw: latencyMedians(rounds, 'raw', pick),
    ours: latencyMedians(rounds, 'ours', pick),
    ratioToRaw: ratio(rounds, 'raw', (s) => pick(s)?.p50Ms),
    perScoreRatioToRaw: ratio(rounds, 'raw', (s) => pick(s)?.perScoreP50Ms),
  };
}

function saturationOf(rounds: readonly Sessions[], hot: HotSet) {
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

function latencyMedians(rounds: readonly Sessions[], name: SubjectName, pick: Picker<LatencyResult>) {
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

function saturationMedians(
  rounds: readonly Sessions[],
  name: SubjectName,
  pick: Picker<SaturationResult>,
  hot: HotSet,
) {
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

function medianOf(rounds: readonly Sessions[], name: SubjectName, pick: Picker<number>): number | null {
  return median(rounds.map((round) => pickFrom(round, name, pick)));
}

/** The median of the rounds' own ratios: load that slows a whole round cancels out. */
function ratio(
  rounds: readonly Sessions[],
  base: SubjectName,
  pick: Picker<number>,
  subject: SubjectName = 'ours',
): Ratio {
  const ratios = rounds.map((round) => {
    const ours = pickFrom(round, subject, pick);
    const other = pickFrom(round, base, pick);
    return ours === null || other === null ? null : ours / other;
  });
  return rounded(median(ratios), 3);
}

function pickFrom(round: Sessions, name: SubjectName, pick: Picker<number>): number | null {
  const session = round.get(name);
  return session ? (pick(session) ?? null) : null;
}

/** What the legacy path loses is a result, no fault of the run. */
function faultsOf({ subject, wrongRows, lowLoad, burst, saturation }: SessionResult, where: string): string[] {
  if (subject === 'legacy') return [];
  const missing = [...Object.values(lowLoad), burst].reduce((sum, phase) => sum + (phase?.missing ?? 0), 0);
  return [
    ...(wrongRows > 0 ? [`${wrongRows} wrong final rows`] : []),
    ...(missing > 0 ? [`${missing} scores never on screen`] : []),
    ...Object.entries(saturation)
      .filter(([, phase]) => phase.messagesPerS === null)
      .map(([hot, phase]) => `flood ${hot}: ${phase.wrongRows} wrong rows, ${phase.refused} refused`),
  ].map((fault) => `${where}, ${subject}: ${fault}`);
}

function atMost(name: string, limit: number, value: Ratio = null): Target {
  return { name, limit: `<= ${limit}`, value, met: value === null ? null : value <= limit };
}

function atLeast(name: string, limit: number, value: Ratio = null): Target {
  return { name, limit: `>= ${limit}`, value, met: value === null ? null : value >= limit };
}
