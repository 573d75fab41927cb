import type { LatencyResult, SaturationResult } from './phases.js';
import type { HotSet } from './plan.js';
import type { SessionResult } from './session.js';
import { median, rounded } from './statistics.js';
import type { SubjectName } from './subject-process.js';

/** The sessions of one series in one round, by subject. */
export type Sessions = ReadonlyMap<SubjectName, SessionResult>;
export type Picker<T> = (session: SessionResult) => T | null | undefined;
export type Ratio = number | null;

export function latencyMedians(rounds: readonly Sessions[], name: SubjectName, pick: Picker<LatencyResult>) {
  const of = (field: keyof LatencyResult, digits: number) =>
    roundedMedian(rounds, name, (session) => pick(session)?.[field], digits);
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

export function saturationMedians(
  rounds: readonly Sessions[],
  name: SubjectName,
  pick: Picker<SaturationResult>,
  hot: HotSet,
) {
  const of = (field: keyof SaturationResult, digits: number) =>
    roundedMedian(rounds, name, (session) => pick(session)?.[field], digits);
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

export function roundedMedian(
  rounds: readonly Sessions[],
  name: SubjectName,
  pick: Picker<number>,
  digits: number,
): number | null {
  return rounded(median(rounds.map((round) => pickFrom(round, name, pick))), digits);
}

/** The median of the rounds' own ratios: load that slows a whole round cancels out. */
export function ratio(
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

export function pickFrom(round: Sessions, name: SubjectName, pick: Picker<number>): number | null {
  const session = round.get(name);
  return session ? (pick(session) ?? null) : null;
}
