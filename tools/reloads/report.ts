import type { Finding } from '../faults/checks/finding.js';
import type { LoopResult } from './loop-run.js';
import type { ReloadResult, ReloadTimes } from './reload-run.js';
import type { RestartsResult } from './restarts-run.js';

export interface Results {
  readonly reloads: readonly ReloadResult[];
  readonly loop: LoopResult | null;
  readonly restarts: RestartsResult | null;
}

export function findingsOf({ reloads, loop, restarts }: Results): readonly Finding[] {
  return [...reloads.flatMap(({ findings }) => findings), ...(loop?.findings ?? []), ...(restarts?.findings ?? [])];
}

/** Median and largest, whole milliseconds. */
export function spreadOf(values: readonly number[]): { readonly p50: number; readonly max: number } {
  const sorted = [...values].sort((a, b) => a - b);
  return { p50: Math.round(sorted[Math.floor((sorted.length - 1) / 2)] ?? 0), max: Math.round(sorted.at(-1) ?? 0) };
}

export function summaryOf(results: Results) {
  const findings = findingsOf(results);
  return {
    modes: Object.fromEntries(results.reloads.map((result) => [result.mode, reloadSummary(result)])),
    loop: results.loop && { ...results.loop, findings: results.loop.findings.length },
    restarts: results.restarts && {
      restarts: results.restarts.restarts,
      heapMb: [...marks(results.restarts.heaps)].map((bytes) => Math.round(bytes / 104_857.6) / 10),
      growth: Math.round(results.restarts.growth * 1_000) / 1_000,
    },
    lost: findings.filter(({ kind }) => kind === 'lost').length,
    duplicated: findings.filter(({ kind }) => kind === 'duplicated').length,
    findings: findings.length,
  };
}

export function linesOf({ reloads, loop, restarts }: Results): readonly string[] {
  return [
    ...reloads.map((result) => {
      const { commitGapMs, silenceMs, tookMs, calmGapMs, ...counts } = reloadSummary(result);
      const gap = `longest time without a commit ${commitGapMs.p50} ms (p50), ${commitGapMs.max} ms (max)`;
      const heard = `without news for a client ${silenceMs.p50} and ${silenceMs.max} ms`;
      const took = `command ${tookMs.p50} and ${tookMs.max} ms`;
      return `${result.mode}: ${gap}, ${calmGapMs} ms without a reload; ${heard}; ${took}; ${JSON.stringify(counts)}`;
    }),
    ...(loop
      ? [
          `loop: given up after ${loop.starts} starts, shown as ${loop.status}; ${loop.outageRestarts} restarts in an outage at the boot`,
        ]
      : []),
    ...(restarts ? [`restarts: heap × ${restarts.growth.toFixed(3)} from the 10th to the ${restarts.restarts}th`] : []),
  ];
}

function reloadSummary({ mode: _, reloads, calm, findings, perSecond, ...counts }: ReloadResult) {
  const of = (name: keyof ReloadTimes) => spreadOf(reloads.map((times) => times[name]));
  return {
    reloads: reloads.length,
    commitGapMs: of('gapMs'),
    calmGapMs: Math.round(calm.gapMs),
    silenceMs: of('silenceMs'),
    tookMs: of('tookMs'),
    perSecond: Math.round(perSecond),
    ...counts,
    findings: findings.length,
  };
}

/** After 10 restarts, in the middle and at the end. */
function marks(heaps: readonly number[]): readonly number[] {
  return [9, Math.floor(heaps.length / 2) - 1, heaps.length - 1].map((at) => heaps[at] ?? 0);
}
