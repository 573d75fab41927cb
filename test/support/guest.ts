import type { Visitor } from '../../src/broadcast/adapters/http/waiting-room.js';

/** A reader over HTTP without a connection: it is there until it leaves. */
export class Guest implements Visitor {
  /** called when it leaves */
  readonly listeners = new Set<() => void>();
  isGone = false;
  isAnswered = false;

  onGone(leave: () => void): () => void {
    this.listeners.add(leave);
    return () => this.listeners.delete(leave);
  }

  leave(): void {
    this.isGone = true;
    for (const leave of this.listeners) leave();
  }
}
