import { isLive, MatchStatus } from '../../../../src/domain/match-status.js';
import type { Delivery } from '../moment.js';
import type { Facts, Fault } from './fault.js';

const MINUTE_MS = 60_000;

function copies(share: number, leastMs: number, mostMs: number, times = 1) {
  return (deliveries: readonly Delivery[], { chance }: Facts): readonly Delivery[] =>
    deliveries.flatMap((delivery) => {
      const all = [delivery];
      for (let n = 0; n < times; n++) {
        const delayMs = Math.floor(leastMs + chance.next() * (mostMs - leastMs));
        if (chance.next() < share) all.push({ ...delivery, atMs: delivery.atMs + delayMs });
      }
      return all;
    });
}

/** Frames of any earlier time, in the half hour after the end. */
function oldFrames(deliveries: readonly Delivery[], { chance, endMs }: Facts): readonly Delivery[] {
  const old = Array.from({ length: 3 }, () => {
    const delivery = chance.pick(deliveries);
    return { ...delivery, atMs: Math.max(delivery.atMs, endMs) + Math.floor(chance.next() * 30 * MINUTE_MS) };
  });
  return [...deliveries, ...old];
}

/** A second source says one frame again and again, until that long after the end. */
function stuckOn(isIt: (delivery: Delivery) => boolean, forMs: number) {
  return (deliveries: readonly Delivery[], { chance, endMs }: Facts): readonly Delivery[] => {
    const candidates = deliveries.filter(isIt);
    if (candidates.length === 0) return deliveries;
    const stuck = chance.pick(candidates);
    const repeated: Delivery[] = [];
    for (let atMs = stuck.atMs + 45_000; atMs < endMs + forMs; atMs += 45_000) repeated.push({ ...stuck, atMs });
    return [...deliveries, ...repeated];
  };
}

const live = ({ says }: Delivery) => isLive(says.status);
const ended = ({ says }: Delivery) => says.status === MatchStatus.Ended;

function secondPublisher(lagMs: number) {
  return (deliveries: readonly Delivery[]): readonly Delivery[] => [
    ...deliveries,
    ...deliveries.map((delivery) => ({ ...delivery, atMs: delivery.atMs + lagMs })),
  ];
}

/** Something is said more often than it is true. */
export const REPEATING: readonly Fault[] = [
  { name: 'duplicates', line: 'qos0', bend: copies(1, 0, 1_500) },
  { name: 'three of each', line: 'qos0', bend: copies(1, 0, 3_000, 2) },
  { name: 'late copies', line: 'qos0', bend: copies(0.2, 10_000, MINUTE_MS) },
  { name: 'copies minutes late', line: 'qos0', bend: copies(0.1, 2 * MINUTE_MS, 10 * MINUTE_MS) },
  { name: 'old frames after the end', line: 'qos0', bend: oldFrames },
  { name: 'stuck on a live frame', line: 'qos0', bend: stuckOn(live, 10 * MINUTE_MS) },
  { name: 'stuck on a live frame for long', line: 'qos0', bend: stuckOn(live, 30 * MINUTE_MS) },
  { name: 'stuck on an ended frame', line: 'qos0', bend: stuckOn(ended, 10 * MINUTE_MS) },
  { name: 'stuck on an ended frame for long', line: 'qos0', bend: stuckOn(ended, 30 * MINUTE_MS) },
  { name: 'second publisher, 1 min behind', line: 'qos0', bend: secondPublisher(MINUTE_MS) },
  { name: 'second publisher, 5 min behind', line: 'qos0', bend: secondPublisher(5 * MINUTE_MS) },
];
