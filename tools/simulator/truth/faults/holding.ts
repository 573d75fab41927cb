import type { Delivery } from '../moment.js';
import type { Facts, Fault, Outage } from './fault.js';

/** So far back is sent again what a lost connection had not acknowledged. */
const UNACKNOWLEDGED_MS = 60_000;

const within = (atMs: number, { fromMs, toMs }: Outage) => atMs >= fromMs && atMs < toMs;

/** Times when the broker holds back what it has, spread over the match: the same for every caller. */
function windowsOf({ startMs, endMs, moments }: Facts, shares: readonly number[], lastsMs: number): readonly Outage[] {
  const shift = ((moments.length * 37) % 100) / 1_000;
  return shares.map((share) => {
    const fromMs = Math.floor(startMs + (endMs - startMs) * (share + shift));
    return { fromMs, toMs: fromMs + lastsMs };
  });
}

/** What comes in such a time comes after it, a pause apart; nothing overtakes it. */
function held(deliveries: readonly Delivery[], windows: readonly Outage[], pauseMs: number): readonly Delivery[] {
  let freeMs = Number.NEGATIVE_INFINITY;
  return deliveries.map((delivery) => {
    const window = windows.find((each) => within(delivery.atMs, each));
    if (!window && delivery.atMs >= freeMs) return delivery;
    const atMs = Math.max(window?.toMs ?? delivery.atMs, freeMs);
    freeMs = atMs + pauseMs;
    return { ...delivery, atMs };
  });
}

function holds(shares: readonly number[], lastsMs: number, pauseMs: number) {
  return (deliveries: readonly Delivery[], facts: Facts) =>
    held(deliveries, windowsOf(facts, shares, lastsMs), pauseMs);
}

function afterEach(shares: readonly number[], lastsMs: number) {
  return (facts: Facts) => windowsOf(facts, shares, lastsMs).map(({ toMs }) => toMs + 500);
}

/** After each outage of the line: first again what was not acknowledged, then what came meanwhile. */
function resumed(firstMs: number, gapMs: number) {
  return (deliveries: readonly Delivery[], { outages }: Facts): readonly Delivery[] => {
    const again = outages.flatMap((outage) => {
      const before = { fromMs: outage.fromMs - UNACKNOWLEDGED_MS, toMs: outage.fromMs };
      return deliveries
        .filter(({ atMs }) => within(atMs, before))
        .map((delivery, n) => ({ ...delivery, dup: true as const, atMs: outage.toMs + firstMs + n * gapMs }));
    });
    const late = outages.map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs + 3_000 }));
    return [...held(deliveries, late, 20), ...again];
  };
}

const OFTEN = [0.15, 0.4, 0.6, 0.8, 0.88];
const ONCE = [0.7];

/** The broker has it, and we do not, for a while. */
export const HOLDING: readonly Fault[] = [
  { name: 'QoS 1 held for seconds', line: 'qos1', bend: holds(OFTEN, 15_000, 40) },
  { name: 'QoS 1 held for minutes', line: 'qos1', bend: holds(OFTEN, 180_000, 40) },
  { name: 'resumed burst', line: 'resumed', bend: resumed(50, 30) },
  { name: 'resumed burst in parts', line: 'resumed in parts', bend: resumed(1_200, 700) },
  {
    name: 'slow drain after a snapshot',
    line: 'qos1',
    bend: holds(ONCE, 120_000, 3_000),
    snapshots: afterEach(ONCE, 120_000),
  },
  {
    name: 'slow drain after snapshots',
    line: 'qos1',
    bend: holds(OFTEN, 240_000, 8_000),
    snapshots: afterEach(OFTEN, 240_000),
  },
];
