import type { LatencyResult, SaturationResult } from './phases.js';
import { HOT_SETS, type HotSet, LOW_LOAD_RATES, type LowLoadRate } from './plan.js';
import {
  latencyMedians,
  type Picker,
  pickFrom,
  ratio,
  roundedMedian,
  type Sessions,
  saturationMedians,
} from './report-figures.js';
import type { SeriesName } from './series.js';
import type { SubjectName } from './subject-process.js';

/** The sessions of one round, by series and subject. */
export type Round = ReadonlyMap<SeriesName, Sessions>;
type LowLoadReport = ReturnType<typeof lowLoadOf>;
type SaturationReport = ReturnType<typeof saturationOf>;

export interface Measured {
  readonly lowLoad: Readonly<Record<string, LowLoadReport>>;
  readonly saturation: Readonly<Record<string, SaturationReport>>;
  readonly burst20: ReturnType<typeof burstOf>;
  readonly qos1: ReturnType<typeof qos1Of>;
  readonly generator: ReturnType<typeof generatorOf>;
  readonly legacy: ReturnType<typeof legacyOf>;
  readonly independence: ReturnType<typeof independenceOf>;
}

/** All figures of a run: medians over the rounds, and ratios. */
export function measuredIn(allRounds: readonly Round[]): Measured {
  const rounds = sessionsOf(allRounds, 'qos0');
  return {
    lowLoad: Object.fromEntries(LOW_LOAD_RATES.map((rate) => [rate, lowLoadOf(rounds, rate)])),
    saturation: Object.fromEntries(HOT_SETS.map((hot) => [hot, saturationOf(rounds, hot)])),
    burst20: burstOf(rounds),
    qos1: qos1Of(sessionsOf(allRounds, 'qos1')),
    generator: generatorOf(sessionsOf(allRounds, 'generator')),
    legacy: legacyOf(sessionsOf(allRounds, 'legacy')),
    independence: independenceOf(sessionsOf(allRounds, 'independence')),
  };
}

function sessionsOf(rounds: readonly Round[], series: SeriesName): readonly Sessions[] {
  return rounds.map((round) => round.get(series) ?? new Map());
}

/** What acknowledging after the commit costs against acknowledging at once, and how both compare. */
function qos1Of(rounds: readonly Sessions[]) {
  const p50: Picker<number> = (session) => session.lowLoad[500]?.p50Ms;
  const rate: Picker<number> = (session) => session.saturation[5_000]?.messagesPerS;
  const medianRate = (name: SubjectName) => roundedMedian(rounds, name, rate, 0);
  return {
    p50Ms: {
      raw: roundedMedian(rounds, 'raw', p50, 3),
      rawBatched: roundedMedian(rounds, 'rawBatched', p50, 3),
      stockNest: roundedMedian(rounds, 'stockNest', p50, 3),
      ours: roundedMedian(rounds, 'ours', p50, 3),
      oursAtOnce: roundedMedian(rounds, 'oursAtOnce', p50, 3),
    },
    ratioToAtOnce: ratio(rounds, 'oursAtOnce', p50),
    ratioToRaw: ratio(rounds, 'raw', p50),
    ratioToRawBatched: ratio(rounds, 'rawBatched', p50),
    saturation: {
      raw: medianRate('raw'),
      rawBatched: medianRate('rawBatched'),
      stockNest: medianRate('stockNest'),
      ours: medianRate('ours'),
      oursAtOnce: medianRate('oursAtOnce'),
      ratioToAtOnce: ratio(rounds, 'oursAtOnce', rate),
      ratioToRaw: ratio(rounds, 'raw', rate),
      ratioToRawBatched: ratio(rounds, 'rawBatched', rate),
      ratioToStockNest: ratio(rounds, 'stockNest', rate),
    },
  };
}

/**
 * Messages per second without a broker. `ours` judges and writes them, `rawBatched` writes them; `oursReceive` decodes and
 * acknowledges late.
 */
function generatorOf(rounds: readonly Sessions[]) {
  const rate: Picker<number> = (session) => session.saturation[5_000]?.messagesPerS;
  const cpu: Picker<number> = (session) => session.saturation[5_000]?.cpuUsPerMessage;
  return {
    stockEmpty: roundedMedian(rounds, 'stockEmpty', rate, 0),
    oursReceive: roundedMedian(rounds, 'oursReceive', rate, 0),
    rawBatched: roundedMedian(rounds, 'rawBatched', rate, 0),
    ours: roundedMedian(rounds, 'ours', rate, 0),
    receiveRatio: ratio(rounds, 'stockEmpty', rate, 'oursReceive'),
    writingRatio: ratio(rounds, 'stockEmpty', rate),
    ratioToRawBatched: ratio(rounds, 'rawBatched', rate),
    cpuUsPerMessage: {
      oursReceive: roundedMedian(rounds, 'oursReceive', cpu, 1),
      stockEmpty: roundedMedian(rounds, 'stockEmpty', cpu, 1),
      rawBatched: roundedMedian(rounds, 'rawBatched', cpu, 1),
      ours: roundedMedian(rounds, 'ours', cpu, 1),
    },
  };
}

/** The path that is replaced, on the same goals: latency, and the goals its clients saw late or never. */
function legacyOf(rounds: readonly Sessions[]) {
  const at = (rate: LowLoadRate) => {
    const pick: Picker<LatencyResult> = (session) => session.lowLoad[rate];
    return {
      legacy: goalsSeen(rounds, 'legacy', pick),
      rawBatched: goalsSeen(rounds, 'rawBatched', pick),
      ours: goalsSeen(rounds, 'ours', pick),
      ratioToLegacy: ratio(rounds, 'legacy', (s) => pick(s)?.p50Ms),
      ratioToRawBatched: ratio(rounds, 'rawBatched', (s) => pick(s)?.p50Ms),
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
    rawBatched: beside('rawBatched'),
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
    rawBatched: latencyMedians(rounds, 'rawBatched', pick),
    stockNest: latencyMedians(rounds, 'stockNest', pick),
    ours: latencyMedians(rounds, 'ours', pick),
    ratioToRaw: ratio(rounds, 'raw', (s) => pick(s)?.p50Ms),
    p95RatioToRaw: ratio(rounds, 'raw', (s) => pick(s)?.p95Ms),
    p99RatioToRaw: ratio(rounds, 'raw', (s) => pick(s)?.p99Ms),
    ratioToStockNest: ratio(rounds, 'stockNest', (s) => pick(s)?.p50Ms),
    toRawBatched: {
      p50: ratio(rounds, 'rawBatched', (s) => pick(s)?.p50Ms),
      p95: ratio(rounds, 'rawBatched', (s) => pick(s)?.p95Ms),
      p99: ratio(rounds, 'rawBatched', (s) => pick(s)?.p99Ms),
      cpu: ratio(rounds, 'rawBatched', (s) => pick(s)?.cpuUsPerMessage),
    },
  };
}

function burstOf(rounds: readonly Sessions[]) {
  const pick: Picker<LatencyResult> = (session) => session.burst;
  return {
    raw: latencyMedians(rounds, 'raw', pick),
    rawBatched: latencyMedians(rounds, 'rawBatched', pick),
    ours: latencyMedians(rounds, 'ours', pick),
    ratioToRaw: ratio(rounds, 'raw', (s) => pick(s)?.p50Ms),
    ratioToRawBatched: ratio(rounds, 'rawBatched', (s) => pick(s)?.p50Ms),
    perScoreRatioToRaw: ratio(rounds, 'raw', (s) => pick(s)?.perScoreP50Ms),
  };
}

function saturationOf(rounds: readonly Sessions[], hot: HotSet) {
  const pick: Picker<SaturationResult> = (session) => session.saturation[hot];
  const rate: Picker<number> = (session) => pick(session)?.messagesPerS;
  const medianRate = (name: SubjectName) => roundedMedian(rounds, name, rate, 0);
  return {
    raw: medianRate('raw'),
    rawBatched: medianRate('rawBatched'),
    stockNest: medianRate('stockNest'),
    ours: medianRate('ours'),
    ratioToRaw: ratio(rounds, 'raw', rate),
    ratioToStockNest: ratio(rounds, 'stockNest', rate),
    toRawBatched: {
      rate: ratio(rounds, 'rawBatched', rate),
      cpu: ratio(rounds, 'rawBatched', (session) => pick(session)?.cpuUsPerMessage),
    },
    details: {
      raw: saturationMedians(rounds, 'raw', pick, hot),
      rawBatched: saturationMedians(rounds, 'rawBatched', pick, hot),
      stockNest: saturationMedians(rounds, 'stockNest', pick, hot),
      ours: saturationMedians(rounds, 'ours', pick, hot),
    },
  };
}
