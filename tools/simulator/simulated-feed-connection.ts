import type { Clock } from '../../src/kernel/clock.js';
import { FeedConnection, type FeedListener } from '../../src/mqtt-ingest/ports/feed-connection.js';
import type { FeedSignal } from '../../src/mqtt-ingest/ports/feed-signals.js';
import type { SeededRandom } from '../../test/support/seeded-random.js';
import type { BrokerClient, Delivery, SimulatedBroker } from './simulated-broker.js';
import type { Trace } from './trace.js';
import type { Owner, VirtualTime } from './virtual-time.js';

const TOPIC = 'thesports/football/match/v1';

/** A frame received on a connection, in order of receipt, until its acknowledgement has left. */
interface Unacknowledged {
  readonly packetId: number;
  done: boolean;
}

/** One process's connection to the simulated broker: it comes back by itself, until it is closed or the process dies. */
export class SimulatedFeedConnection extends FeedConnection {
  /** whoever watches over the feed */
  tell: (signal: FeedSignal) => void = () => {};
  private listener: FeedListener | null = null;
  private connection: Connection | null = null;
  private closed = false;
  private intake = true;

  constructor(
    private readonly time: VirtualTime,
    private readonly process: Owner,
    private readonly clock: Clock,
    private readonly broker: SimulatedBroker,
    private readonly chance: SeededRandom,
    private readonly trace: Trace,
  ) {
    super();
  }

  get unacknowledged(): number {
    return this.connection?.window.length ?? 0;
  }

  override open(listener: FeedListener): void {
    if (this.listener && this.listener !== listener) throw new Error('The connection has a listener already');
    if (this.listener || this.closed) return;
    this.listener = listener;
    this.connectSoon();
  }

  /** The simulated broker has no session that is stuck. */
  override renew(): void {}

  override stopIntake(): void {
    this.intake = false;
  }

  override async close(): Promise<void> {
    this.closed = true;
    this.end();
  }

  override on(): void {}

  override client(): unknown {
    return this.connection;
  }

  /** The network breaks; the client comes back later. */
  cut(): void {
    if (!this.connection) return;
    this.trace.add(this.time.nowMs, 'connection cut');
    this.end();
    this.listener?.onState('disconnected');
    this.tell({ kind: 'lost', atMs: this.clock.nowMs() });
    this.connectSoon();
  }

  /** The process is no more: nobody comes back. */
  die(): void {
    this.closed = true;
    this.end();
  }

  private end(): void {
    if (!this.connection) return;
    this.connection.alive = false;
    this.broker.disconnect(this.connection);
    this.connection = null;
  }

  private connectSoon(): void {
    this.time.after(this.chance.next() * 1_000, this.process, () => {
      if (!this.connection && !this.closed) this.connect();
    });
  }

  private connect(): void {
    const connection = new Connection(
      this.process,
      this.broker,
      (delivery) => this.receive(connection, delivery),
      () => {
        if (this.connection === connection) this.cut();
      },
    );
    this.connection = connection;
    const resumed = this.broker.connect(connection);
    this.trace.add(this.time.nowMs, 'connected', resumed ? 'with the session' : 'without a session');
    this.listener?.onState('connected');
    this.listener?.onSession({ resumed });
    this.tell({ kind: 'subscribed', resumed, atMs: this.clock.nowMs() });
  }

  private receive(connection: Connection, { packetId, frame, dup }: Delivery): void {
    if (!this.intake) return;
    this.trace.add(this.time.nowMs, dup ? 'again' : 'received', packetId, frame.about);
    const entry: Unacknowledged = { packetId, done: false };
    connection.window.push(entry);
    this.listener?.onMessage(TOPIC, frame.payload, {
      retain: false,
      dup,
      acknowledge: () => {
        if (entry.done) throw new Error(`Packet ${packetId} acknowledged twice`);
        entry.done = true;
        this.release(connection);
      },
    });
  }

  /** Acknowledgements leave in the order of receipt. */
  private release(connection: Connection): void {
    if (!connection.alive) return;
    while (connection.window[0]?.done) {
      const { packetId } = connection.window.shift() as Unacknowledged;
      connection.up(() => this.broker.acknowledge(connection, packetId));
    }
  }
}

class Connection implements BrokerClient {
  readonly window: Unacknowledged[] = [];
  readonly up: (action: () => void) => void;
  private readonly down: (action: () => void) => void;
  private open = true;

  constructor(
    private readonly process: Owner,
    broker: SimulatedBroker,
    private readonly received: (delivery: Delivery) => void,
    private readonly kick: () => void,
  ) {
    this.up = broker.wire(this);
    this.down = broker.wire(this);
  }

  get alive(): boolean {
    return this.open && this.process.alive;
  }

  set alive(open: boolean) {
    this.open = open;
  }

  deliver(delivery: Delivery): void {
    this.down(() => this.received(delivery));
  }

  kicked(): void {
    this.kick();
  }
}
