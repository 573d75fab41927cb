import type { WindowCount } from './ports/budget-state.js';

/** A window allows so many requests in every span of its length. */
export interface WindowLimit {
  /** unique among the windows that are kept together */
  readonly key: string;
  readonly lengthMs: number;
  readonly requests: number;
}

const SLOTS = 24;
/**
 * A span of the window's length touches one slot more; with another one the sum holds also where the requests are counted
 * later than here, by up to the length of a slot.
 */
const COUNTED_SLOTS = SLOTS + 2;

/**
 * The count as it is at that time: slots that are over are left out. A clock that was set back moves what it shows to be in the
 * future into the present, so that nobody waits longer than a window for it.
 */
export function windowAt(count: WindowCount, nowMs: number): WindowCount {
  const present = slotOf(nowMs, count.lengthMs);
  const bySlot = new Map<number, number>();
  for (const [slot, requests] of count.slots) {
    if (slot <= present - COUNTED_SLOTS) continue;
    const kept = Math.min(slot, present);
    bySlot.set(kept, (bySlot.get(kept) ?? 0) + requests);
  }
  return { lengthMs: count.lengthMs, slots: [...bySlot].sort(([a], [b]) => a - b) };
}

/** @param count as {@link windowAt} gives it */
export function countedAt(count: WindowCount, atMs: number, requests = 1): WindowCount {
  const slot = slotOf(atMs, count.lengthMs);
  const others = count.slots.filter(([other]) => other !== slot);
  const [, before = 0] = count.slots.find(([other]) => other === slot) ?? [];
  return { lengthMs: count.lengthMs, slots: [...others, [slot, before + requests] as const].sort(([a], [b]) => a - b) };
}

/** Milliseconds until one request more fits under the most; 0 when it fits now. */
export function windowWaitMs(count: WindowCount, most: number, nowMs: number): number {
  const slots = count.slots;
  let sum = slots.reduce((total, [, requests]) => total + requests, 0);
  if (sum + 1 <= most) return 0;
  for (const [slot, requests] of slots) {
    sum -= requests;
    if (sum + 1 <= most) return endOf(slot + COUNTED_SLOTS - 1, count.lengthMs) - nowMs;
  }
  return count.lengthMs;
}

/** The times of what was counted, each as late as it can have been. */
export function countedTimes({ lengthMs, slots }: WindowCount): readonly { atMs: number; requests: number }[] {
  return slots.map(([slot, requests]) => ({ atMs: endOf(slot, lengthMs) - 1, requests }));
}

const slotOf = (atMs: number, lengthMs: number): number => Math.floor((atMs * SLOTS) / lengthMs);
/** the first moment behind the slot */
const endOf = (slot: number, lengthMs: number): number => Math.ceil(((slot + 1) * lengthMs) / SLOTS);
