import type { DeliveryWitness } from '../faults/parts/mqtt-proxy.js';

/** Counts what broker and host say to each other; told by the proxy between them. */
export class Deliveries implements DeliveryWitness {
  acknowledgedCount = 0;
  /** sent by the broker once more, to a connection after the first */
  redeliveredCount = 0;
  strayCount = 0;
  private deliveredCount = 0;

  /** with the host, not acknowledged yet */
  get openCount(): number {
    return this.deliveredCount - this.acknowledgedCount - this.strayCount;
  }

  delivered(_payload: string, again: boolean): void {
    this.deliveredCount += 1;
    if (again) this.redeliveredCount += 1;
  }

  acknowledged(): void {
    this.acknowledgedCount += 1;
  }

  acknowledgedUnknown(): void {
    this.strayCount += 1;
  }
}
