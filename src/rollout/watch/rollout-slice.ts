import { percentile } from '../../kernel/percentile.js';
import type { RolloutLimits } from './rollout-watch.options.js';

export interface Compared {
  readonly compared: number;
  /** not as the direct path says */
  readonly different: number;
}

/** What was measured in a sixth of a window. */
export interface RolloutSlice {
  readonly durationMs: number;
  /** changes that the direct path committed */
  readonly commits: number;
  /** changes that it could not write, though the database takes others */
  readonly failed: number;
  /** receive→commit, ms: all of them, or a fair sample */
  readonly latenciesMs: readonly number[];
  /** rows of direct matches */
  readonly direct: Compared;
  /** rows of matches in shadow */
  readonly shadow: Compared;
  /** age of the oldest update without a fate at the end of the slice, ms */
  readonly feedLagMs: number;
  /** matches that only the provider's answer moved on, while the feed spoke of them */
  readonly stuckMatches: number;
  /** average, 0–1 */
  readonly poolUse: number;
  /** trouble that every path has, in words; null when there was none */
  readonly shared: string | null;
}

/** What a verdict is based on. */
export interface RolloutWindow extends Compared {
  readonly stage: 'shadow' | 'canary' | 'direct';
  readonly coveredMs: number;
  readonly writes: number;
  readonly failedWrites: number;
  /** null without a commit */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly feedLagMs: number;
  readonly stuckMatches: number;
  readonly poolUse: number;
  readonly shared: string | null;
}

export const SLICES_PER_WINDOW = 6;
/** Longest reach back for samples, in windows: a night with one match must be enough for a verdict. */
const LONGEST_WINDOWS = 30;
export const LONGEST_SLICES = SLICES_PER_WINDOW * LONGEST_WINDOWS;

/**
 * The newest window, and more of the past while it holds too few samples for a verdict.
 * @param slices oldest first
 */
export function windowOf(
  slices: readonly RolloutSlice[],
  stage: RolloutWindow['stage'],
  limits: RolloutLimits,
): RolloutWindow {
  const recent = slices.slice(-SLICES_PER_WINDOW);
  const counted = recent.filter(({ shared }) => shared === null);
  const earlier = slices.slice(-LONGEST_SLICES, -SLICES_PER_WINDOW).filter(({ shared }) => shared === null);
  while (!isEnough(counted, stage, limits)) {
    const before = earlier.pop();
    if (!before) break;
    counted.unshift(before);
  }
  const sum = (measure: (slice: RolloutSlice) => number) => counted.reduce((total, slice) => total + measure(slice), 0);
  const failedWrites = sum(({ failed }) => failed);
  const sorted = Float64Array.from(counted.flatMap(({ latenciesMs }) => latenciesMs)).sort();
  return {
    stage,
    coveredMs: sum(({ durationMs }) => durationMs),
    writes: sum(({ commits }) => commits) + failedWrites,
    failedWrites,
    p50Ms: percentile(sorted, 0.5),
    p95Ms: percentile(sorted, 0.95),
    compared: sum((slice) => rowsOf(slice, stage).compared),
    different: sum((slice) => rowsOf(slice, stage).different),
    // one look may find an update that is about to be written
    feedLagMs: Math.min(...slices.slice(-2).map(({ feedLagMs }) => feedLagMs)),
    stuckMatches: recent.reduce((total, slice) => total + slice.stuckMatches, 0),
    poolUse: recent.reduce((total, slice) => total + slice.poolUse, 0) / Math.max(1, recent.length),
    shared: recent.findLast(({ shared }) => shared !== null)?.shared ?? null,
  };
}

function isEnough(slices: readonly RolloutSlice[], stage: RolloutWindow['stage'], limits: RolloutLimits): boolean {
  if (stage === 'shadow') {
    return slices.reduce((total, { shadow }) => total + shadow.compared, 0) >= limits.minComparisons;
  }
  return slices.reduce((total, { commits, failed }) => total + commits + failed, 0) >= limits.minWrites;
}

function rowsOf(slice: RolloutSlice, stage: RolloutWindow['stage']): Compared {
  return stage === 'shadow' ? slice.shadow : slice.direct;
}
