import { isWithin, phasesOf } from './phases.js';
import type { Sample } from './watch.js';

/**
 * Memory that is compared must have been in use for a while: V8 takes new pages for minutes before it collects the old
 * space for the first time under this load, and keeps them.
 */
const LONG_ENOUGH_S = 240;
/** until then the host's own memory of the newest 1,000 matches is not full */
const AT_LEAST_S = 140;
const SPAN_S = 20;
const STEADY = 1.02;

/** Longest load before the minutes that count: none when they are many, and the memory before the outage is old enough. */
export function longestWarmUpS(minutes: number): number {
  return Math.max(0, LONG_ENOUGH_S - phasesOf(minutes, 0).outage.fromS);
}

/** Did the highest resident set of the last 20 s not grow over that of the 20 s before? */
export function isSteady(samples: readonly Sample[], nowS: number): boolean {
  const highest = (fromS: number, untilS: number) =>
    Math.max(...samples.filter(({ atS }) => isWithin(atS, { fromS, untilS })).map(({ rssMb }) => rssMb));
  if (nowS < AT_LEAST_S) return false;
  return highest(nowS - SPAN_S, nowS) <= STEADY * highest(nowS - 2 * SPAN_S, nowS - SPAN_S);
}
