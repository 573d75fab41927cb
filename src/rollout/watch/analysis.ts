import type { RolloutDecision } from '../ports/rollout-store.js';
import type { RolloutWindow } from './rollout-slice.js';
import type { RolloutLimits } from './rollout-watch.options.js';

export type Measure = 'errors' | 'latency' | 'consistency' | 'feed-lag' | 'stuck-matches' | 'pool';

export interface Analysis extends Pick<RolloutDecision, 'verdict' | 'reason' | 'numbers'> {
  /** what the verdict is about; null when it is healthy or nothing can be said */
  readonly measure: Measure | null;
}

interface Finding {
  readonly verdict: 'warn' | 'roll-back';
  readonly measure: Measure;
  readonly reason: string;
}

/** One or two odd rows are an accident, whatever share they are. */
const FEWEST_DIFFERENT = 3;
/** Of the normal distribution. */
const Z_999 = 3.09;

/**
 * Is the direct path fit to go on? The worst finding decides. `inconclusive` holds the stage: everybody has trouble, or
 * too little was written (in shadow: compared) to say that all is well. A share above its limit takes the path back only
 * when chance alone would not explain it in a path of half that share.
 */
export function analyse(window: RolloutWindow, limits: RolloutLimits): Analysis {
  const numbers = numbersOf(window);
  if (window.shared !== null) {
    return { verdict: 'inconclusive', measure: null, reason: `Not the path: ${window.shared}`, numbers };
  }
  const findings = findIn(window, limits);
  const worst = findings.find(({ verdict }) => verdict === 'roll-back') ?? findings[0];
  if (worst) {
    const { verdict, measure } = worst;
    const reason = findings.map((finding) => finding.reason).join('; ');
    return { verdict, measure, reason, numbers };
  }
  const missing = missingSamples(window, limits);
  return missing === null
    ? { verdict: 'healthy', measure: null, reason: 'All measures within their limits', numbers }
    : { verdict: 'inconclusive', measure: null, reason: missing, numbers };
}

function findIn(window: RolloutWindow, limits: RolloutLimits): readonly Finding[] {
  const found = [
    errors(window, limits),
    latency(window, limits),
    consistency(window, limits),
    feedLag(window, limits),
    stuckMatches(window, limits),
    poolUse(window, limits),
  ];
  return found.filter((finding) => finding !== null);
}

function errors({ writes, failedWrites }: RolloutWindow, limits: RolloutLimits): Finding | null {
  const share = failedWrites / writes;
  if (writes < limits.minWrites || share <= limits.warnErrorShare) return null;
  const certain = isCertainlyAbove(limits.maxErrorShare / 2, failedWrites, writes);
  const verdict = share > limits.maxErrorShare && certain ? 'roll-back' : 'warn';
  return { verdict, measure: 'errors', reason: `${percent(share)} of ${writes} writes failed` };
}

function latency({ writes, p95Ms }: RolloutWindow, limits: RolloutLimits): Finding | null {
  if (writes < limits.minWrites || p95Ms === null || p95Ms <= limits.maxP95Ms) return null;
  return {
    verdict: 'roll-back',
    measure: 'latency',
    reason: `p95 from receipt to commit is ${Math.round(p95Ms)} ms, more than ${limits.maxP95Ms} ms`,
  };
}

/** In shadow there is nothing to take back: it warns. */
function consistency({ stage, compared, different }: RolloutWindow, limits: RolloutLimits): Finding | null {
  if (compared < limits.minComparisons || different < FEWEST_DIFFERENT) return null;
  if (different / compared <= limits.maxDifferentShare) return null;
  if (!isCertainlyAbove(limits.maxDifferentShare / 2, different, compared)) return null;
  return {
    verdict: stage === 'shadow' ? 'warn' : 'roll-back',
    measure: 'consistency',
    reason: `${percent(different / compared)} of ${compared} rows are not as the direct path says`,
  };
}

function feedLag({ feedLagMs }: RolloutWindow, limits: RolloutLimits): Finding | null {
  if (feedLagMs <= limits.maxFeedLagMs) return null;
  return {
    verdict: 'roll-back',
    measure: 'feed-lag',
    reason: `The oldest update has waited ${Math.round(feedLagMs)} ms, more than ${limits.maxFeedLagMs} ms`,
  };
}

function stuckMatches({ stuckMatches: count }: RolloutWindow, limits: RolloutLimits): Finding | null {
  if (count === 0) return null;
  const verdict = count >= limits.maxStuckMatches ? 'roll-back' : 'warn';
  return { verdict, measure: 'stuck-matches', reason: `${count} matches stood still while the feed spoke of them` };
}

function poolUse({ poolUse: use }: RolloutWindow, limits: RolloutLimits): Finding | null {
  if (use <= limits.warnPoolUse) return null;
  return { verdict: 'warn', measure: 'pool', reason: `${percent(use)} of the connections are in use on average` };
}

function missingSamples({ stage, writes, compared }: RolloutWindow, limits: RolloutLimits): string | null {
  if (stage === 'shadow') {
    return compared < limits.minComparisons ? `Fewer than ${limits.minComparisons} comparisons` : null;
  }
  return writes < limits.minWrites ? `Fewer than ${limits.minWrites} writes` : null;
}

/**
 * Could chance alone make so many bad ones, if the true share were `share`? Lower end of Wilson's interval, one-sided
 * 99.9 %: of few samples more must be bad than of many.
 */
function isCertainlyAbove(share: number, bad: number, all: number): boolean {
  const seen = bad / all;
  const slack = Z_999 ** 2 / all;
  const spread = Z_999 * Math.sqrt((seen * (1 - seen)) / all + slack / (4 * all));
  return (seen + slack / 2 - spread) / (1 + slack) > share;
}

function numbersOf(window: RolloutWindow): RolloutDecision['numbers'] {
  const { coveredMs, writes, failedWrites, p50Ms, p95Ms, compared, different, feedLagMs } = window;
  return {
    windowS: Math.round(coveredMs / 1000),
    writes,
    failedWrites,
    errorShare: writes === 0 ? null : round(failedWrites / writes),
    p50Ms: p50Ms === null ? null : round(p50Ms),
    p95Ms: p95Ms === null ? null : round(p95Ms),
    compared,
    different,
    differentShare: compared === 0 ? null : round(different / compared),
    feedLagMs: Math.round(feedLagMs),
    stuckMatches: window.stuckMatches,
    poolUse: round(window.poolUse),
  };
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
