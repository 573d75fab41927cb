import { MatchStatus } from '../../../../src/domain/match-status.js';
import type { Delivery, Moment } from '../moment.js';
import { momentAt } from '../publish.js';
import type { Facts, Fault } from './fault.js';

const POLL_MS = 30_000;
/** So long a poll goes on about what does not change. */
const POLLED_FOR_MS = 10 * 60_000;

/** An update overtakes the one before it, within a half. */
function reordered(apartMs: number) {
  return (deliveries: readonly Delivery[], { chance }: Facts): readonly Delivery[] =>
    deliveries.map((delivery, n) => {
      const next = deliveries[n + 1];
      const near = next && next.atMs - delivery.atMs <= apartMs && next.says.status === delivery.says.status;
      if (!near || delivery.says.status >= MatchStatus.Ended || chance.next() >= 0.3) return delivery;
      return { ...delivery, atMs: next.atMs + Math.floor(200 + chance.next() * 2_000) };
    });
}

/** The last word arrives. */
function dropped(share: number) {
  return (deliveries: readonly Delivery[], { chance }: Facts): readonly Delivery[] =>
    deliveries.filter((_, n) => n === deliveries.length - 1 || chance.next() >= share);
}

/** The feed tells every 30 s what it knows just now. */
function polled(_deliveries: readonly Delivery[], { moments, chance, startMs, endMs }: Facts): readonly Delivery[] {
  const polls: Delivery[] = [];
  let last: Moment | null = null;
  let sinceMs = startMs;
  for (let atMs = startMs + chance.below(POLL_MS); atMs < endMs + 7 * POLL_MS; atMs += POLL_MS) {
    const says = momentAt(moments, atMs);
    if (says !== last) sinceMs = atMs;
    last = says;
    if (says?.told && atMs - sinceMs < POLLED_FOR_MS) polls.push({ atMs, says });
  }
  return polls;
}

function corruptOf({ says, atMs }: Delivery, { chance }: Facts): Delivery {
  const slots = [...says.home] as [number, number, number, number, number, number, number];
  slots[0] += 9 + chance.below(7);
  return { atMs: atMs + 900, says: { ...says, home: slots } };
}

/** One frame with a count that cannot be. */
function corrupt(where: (count: number, chance: Facts['chance']) => number) {
  return (deliveries: readonly Delivery[], facts: Facts): readonly Delivery[] => {
    const live = deliveries.filter(({ says }) => says.status > 1 && says.status < MatchStatus.Ended);
    const victim = live[where(live.length, facts.chance)];
    return victim ? [...deliveries, corruptOf(victim, facts)] : deliveries;
  };
}

/** Something is not said, said at another time, or said wrong. */
export const LOSING: readonly Fault[] = [
  { name: 'none', line: 'qos0' },
  { name: 'same-half reorder', line: 'qos0', bend: reordered(90_000) },
  { name: 'same-half reorder, far apart', line: 'qos0', bend: reordered(300_000) },
  { name: 'drops 10 %', line: 'qos0', bend: dropped(0.1) },
  { name: 'drops 30 %', line: 'qos0', bend: dropped(0.3) },
  { name: 'polls of 30 s', line: 'qos0', bend: polled },
  { name: 'polls of 30 s, cache of 60 s', line: 'qos0', bend: polled, lag: () => ({ cacheMs: 60_000 }) },
  {
    name: 'polls of 30 s beside changes',
    line: 'qos0',
    bend: (deliveries, facts) => [...deliveries, ...polled(deliveries, facts)],
  },
  { name: 'corrupt frame', line: 'qos0', bend: corrupt((count, chance) => chance.below(count)) },
  { name: 'corrupt frame at the end', line: 'qos0', bend: corrupt((count) => count - 1) },
];
