import type { Cancel, Scheduler } from '../../../kernel/scheduler.js';

const SLOT_MS = 1_000;
const MOST_SLOTS = 60;

/**
 * A timing wheel: one timer turns it by a slot, and everybody in the slot has a turn. So each has a turn once per round, and
 * those of many are spread over it.
 */
export class HeartbeatWheel<Item> {
  private readonly slots: readonly Set<Item>[];
  private readonly slotMs: number;
  private at = 0;
  private nextSlot = 0;
  private cancel: Cancel | null = null;

  constructor(
    roundMs: number,
    private readonly turn: (items: ReadonlySet<Item>) => void,
  ) {
    const count = Math.min(MOST_SLOTS, Math.max(1, Math.round(roundMs / SLOT_MS)));
    this.slotMs = Math.max(1, Math.round(roundMs / count));
    this.slots = Array.from({ length: count }, () => new Set<Item>());
  }

  start(scheduler: Scheduler): void {
    this.cancel ??= scheduler.every(this.slotMs, () => this.advance());
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }

  /** @returns takes it out again */
  add(item: Item): () => void {
    const slot = this.slots[this.nextSlot];
    this.nextSlot = (this.nextSlot + 1) % this.slots.length;
    slot?.add(item);
    return () => {
      slot?.delete(item);
    };
  }

  private advance(): void {
    const slot = this.slots[this.at];
    this.at = (this.at + 1) % this.slots.length;
    if (slot && slot.size > 0) this.turn(slot);
  }
}
