import type { Owner, VirtualTime } from './virtual-time.js';

/** One message with its place in the true story of each match it is about. */
export interface Frame {
  readonly payload: Uint8Array;
  readonly about: readonly Claim[];
}

/** What a frame says of one match: state number `state` of its story. */
export interface Claim {
  readonly matchId: string;
  readonly state: number;
  /** match status of that moment */
  readonly status: number;
}

export interface Delivery {
  readonly packetId: number;
  readonly frame: Frame;
  readonly dup: boolean;
}

/** The client's end of one connection. */
export interface BrokerClient extends Owner {
  /** the packet reaches the client; order is kept */
  deliver(delivery: Delivery): void;
  /** the broker ended the connection */
  kicked(): void;
}

class Session {
  readonly queue: Frame[] = [];
  /** sent and not acknowledged, in order of sending */
  readonly inFlight = new Map<number, Frame>();
  nextPacketId = 1;
}

/** A broker with QoS 1 and a session that lasts, for one subscriber. */
export class SimulatedBroker {
  private session = new Session();
  private client: BrokerClient | null = null;
  private remembers = true;

  constructor(
    private readonly time: VirtualTime,
    private readonly window: number,
    /** one way, ms */
    private readonly latencyMs: () => number,
    private readonly acknowledged: (frame: Frame) => void,
  ) {}

  /** Messages that the subscriber has not acknowledged yet. */
  get held(): number {
    return this.session.queue.length + this.session.inFlight.size;
  }

  /** Is there a frame, sent and kept, that says this or something newer of the match? */
  holds({ matchId, state }: Claim): boolean {
    for (const { about } of this.session.inFlight.values()) {
      if (about.some((claim) => claim.matchId === matchId && claim.state >= state)) return true;
    }
    return false;
  }

  publish(frame: Frame): void {
    if (!this.remembers) return;
    this.session.queue.push(frame);
    this.send();
  }

  /** It starts anew, without what it held, and without a session until somebody subscribes. */
  forget(): void {
    this.client?.kicked();
    this.session = new Session();
    this.remembers = false;
  }

  /** @returns whether the session of before goes on; its unacknowledged messages are sent again */
  connect(client: BrokerClient): boolean {
    this.client?.kicked();
    this.client = client;
    const resumed = this.remembers;
    this.remembers = true;
    for (const [packetId, frame] of this.session.inFlight) client.deliver({ packetId, frame, dup: true });
    this.send();
    return resumed;
  }

  disconnect(client: BrokerClient): void {
    if (this.client === client) this.client = null;
  }

  acknowledge(client: BrokerClient, packetId: number): void {
    if (this.client !== client) return;
    const { inFlight } = this.session;
    const frame = inFlight.get(packetId);
    if (!frame) throw new Error(`Packet ${packetId} was acknowledged twice, or never sent`);
    const [oldest] = inFlight.keys();
    if (oldest !== packetId) throw new Error(`Packet ${packetId} was acknowledged before packet ${oldest}`);
    inFlight.delete(packetId);
    this.acknowledged(frame);
    this.send();
  }

  /** A way with a delay that keeps the order of what goes along it. */
  wire(owner: Owner): (action: () => void) => void {
    let lastMs = 0;
    return (action) => {
      lastMs = Math.max(lastMs, this.time.nowMs + this.latencyMs());
      this.time.after(lastMs - this.time.nowMs, owner, action);
    };
  }

  private send(): void {
    const { client, session } = this;
    if (!client?.alive) return;
    while (session.inFlight.size < this.window) {
      const frame = session.queue.shift();
      if (!frame) return;
      const packetId = session.nextPacketId++;
      session.inFlight.set(packetId, frame);
      client.deliver({ packetId, frame, dup: false });
    }
  }
}
