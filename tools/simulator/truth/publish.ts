import type { SeededRandom } from '../../../test/support/seeded-random.js';
import { type Delivery, type Moment, virtualMs } from './moment.js';

/** How a feed speaks: of changes only, as every second does, of some of them several times, or every minute as well. */
const MANNERS = ['changes', 'changes', 'insists', 'beats'] as const;
type Manner = (typeof MANNERS)[number];

const BEAT_S = 60;
/** So long it goes on about a match of which there is nothing new. */
const BEATS_FOR_S = 6 * 60;

/** The pushes of a feed without faults, in order of arrival. */
export function publish(moments: readonly Moment[], chance: SeededRandom): Delivery[] {
  const manner = chance.pick(MANNERS);
  const deliveries: Delivery[] = [];
  const send = (says: Moment, atS: number) =>
    deliveries.push({ atMs: virtualMs(atS) + Math.floor(200 + chance.next() * 1_500), says });
  for (const [n, moment] of moments.entries()) {
    if (!moment.told) continue;
    send(moment, moment.atS);
    const untilS = moments[n + 1]?.atS ?? Number.POSITIVE_INFINITY;
    const isTurn = moment.status !== moments[n - 1]?.status || n === moments.length - 1;
    for (const afterS of repeats(manner, isTurn, chance)) {
      if (moment.atS + afterS < untilS - 2) send(moment, moment.atS + afterS);
    }
  }
  return deliveries;
}

/** Seconds after the first time. */
function repeats(manner: Manner, isTurn: boolean, chance: SeededRandom): readonly number[] {
  if (manner === 'changes') return [];
  if (manner === 'beats') return Array.from({ length: BEATS_FOR_S / BEAT_S }, (_, n) => (n + 1) * BEAT_S);
  if (!isTurn) return [];
  const afterS: number[] = [];
  for (let count = 3 + chance.below(3), atS = 0; count > 0; count--) {
    atS += 20 + chance.below(21);
    afterS.push(atS);
  }
  return afterS;
}

/** What is true at that time; null before the first moment. */
export function momentAt(moments: readonly Moment[], atMs: number): Moment | null {
  return moments.findLast(({ atS }) => virtualMs(atS) <= atMs) ?? null;
}
