import type { DeliveryWitness } from '../parts/mqtt-proxy.js';
import type { Message } from './message.js';

/** Which messages went how far: told by publisher and proxy, never by the host. */
export class Ledger implements DeliveryWitness {
  private readonly byPayload = new Map<string, Message>();
  private readonly open = new Set<Message>();
  private readonly closed = new Set<Message>();
  /** acknowledgements without a message that was open on their connection */
  readonly strays: number[] = [];
  private redelivered = 0;

  sent(message: Message): void {
    this.byPayload.set(message.payload, message);
  }

  delivered(payload: string, again: boolean): void {
    const message = this.byPayload.get(payload);
    if (again) this.redelivered += 1;
    if (message && !this.closed.has(message)) this.open.add(message);
  }

  acknowledged(payload: string): void {
    const message = this.byPayload.get(payload);
    if (!message) return;
    this.open.delete(message);
    this.closed.add(message);
  }

  acknowledgedUnknown(packetId: number): void {
    this.strays.push(packetId);
  }

  get sentCount(): number {
    return this.byPayload.size;
  }

  get redeliveries(): number {
    return this.redelivered;
  }

  get acknowledgedMessages(): ReadonlySet<Message> {
    return this.closed;
  }

  /** delivered to a host, acknowledged by none yet */
  get unacknowledged(): number {
    return this.open.size;
  }

  get messages(): readonly Message[] {
    return [...this.byPayload.values()];
  }
}
