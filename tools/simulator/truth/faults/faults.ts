import type { Facts, Fault } from './fault.js';
import { HOLDING } from './holding.js';
import { LOSING } from './losing.js';
import { REPEATING } from './repeating.js';

/** From a few minutes before the end to a quarter of an hour after it. */
function stuckOverTheEnd({ chance, endMs }: Facts) {
  const fromMs = endMs - Math.floor(30_000 + chance.next() * 240_000);
  return { stuck: { fromMs, toMs: endMs + Math.floor(300_000 + chance.next() * 600_000) } };
}

/** Every way to misbehave, each with the same weight. */
export const FAULTS: readonly Fault[] = [
  ...LOSING,
  ...REPEATING,
  ...HOLDING,
  { name: 'cache of 60 s', line: 'qos0', lag: () => ({ cacheMs: 60_000 }) },
  { name: 'provider stuck over the end', line: 'qos0', lag: stuckOverTheEnd },
];
