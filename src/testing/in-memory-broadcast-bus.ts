import { type Observable, Subject } from 'rxjs';
import { BroadcastBus } from '../broadcast/ports/broadcast-bus.js';
import type { Told } from '../broadcast/ports/told.js';
import { type Cancel, type Scheduler, SystemScheduler } from '../kernel/scheduler.js';
import { Random } from '../kernel/seeded-random.js';

/** These options configure {@link InMemoryBusHub}. */
export interface InMemoryBusHubOptions {
  /** of losses and delays. @default 1 */
  readonly seed?: number;
  /** @default timers of the system */
  readonly scheduler?: Scheduler;
}

/** What the hub needs of a bus. */
interface Member {
  readonly side: number;
  /** of its present connection; null while it has none */
  readonly connection: number | null;
  hear(told: readonly Told[]): void;
}

/** Messages between two members, in order. */
interface Way {
  readonly waiting: (() => void)[];
  dueMs: number;
}

/**
 * The hub is a pub/sub server in memory: the buses of several instances in one process, held to the same contract as
 * Redis. Losses and delays come from a seed, in the order in which messages are sent. A message is heard in a later
 * turn, as JSON made it.
 */
export class InMemoryBusHub {
  /** share of the messages that get lost, 0–1, for each receiver of its own */
  loss = 0;
  /** a message is under way for a time between the two, ms; the order of one publisher is kept */
  delayMs: { readonly least: number; readonly most: number } = { least: 0, most: 0 };
  private readonly members = new Set<Member>();
  private readonly ways = new Map<string, Way>();
  private readonly timers = new Set<Cancel>();
  private readonly numbers = new Map<Member, number>();
  private readonly random: Random;
  private readonly scheduler: Scheduler;

  constructor({ seed = 1, scheduler = new SystemScheduler() }: InMemoryBusHubOptions = {}) {
    this.random = new Random(seed);
    this.scheduler = scheduler;
  }

  /** The bus of one more instance, not connected yet. */
  join(): InMemoryBroadcastBus {
    const bus = new InMemoryBroadcastBus((from, text) => this.send(from, text));
    this.members.add(bus);
    this.numbers.set(bus, this.numbers.size);
    return bus;
  }

  /** What is under way gets lost. */
  close(): void {
    for (const cancel of this.timers) cancel();
    this.timers.clear();
    this.ways.clear();
  }

  private send(from: Member, text: string): void {
    for (const to of this.members) {
      if (to === from || to.connection === null || to.side !== from.side) continue;
      if (this.random.chance(this.loss)) continue;
      const { connection } = to;
      this.deliver(this.wayOf(from, to), () => {
        if (to.connection === connection) to.hear(JSON.parse(text));
      });
    }
  }

  private deliver(way: Way, action: () => void): void {
    const nowMs = this.scheduler.monotonicMs();
    const { least, most } = this.delayMs;
    way.dueMs = Math.max(way.dueMs, nowMs + least + this.random.next() * (most - least));
    way.waiting.push(action);
    // timers of different lengths may end in another order: each of them delivers the oldest message
    const cancel = this.scheduler.after(way.dueMs - nowMs, () => {
      this.timers.delete(cancel);
      way.waiting.shift()?.();
    });
    this.timers.add(cancel);
  }

  private wayOf(from: Member, to: Member): Way {
    const key = `${this.numbers.get(from)} ${this.numbers.get(to)}`;
    let way = this.ways.get(key);
    if (!way) {
      way = { waiting: [], dueMs: 0 };
      this.ways.set(key, way);
    }
    return way;
  }
}

/** The bus belongs to one instance. It is connected and disconnected by the test. */
export class InMemoryBroadcastBus extends BroadcastBus implements Member {
  /** Buses with different numbers do not reach each other, and none of them notices. */
  side = 0;
  /** calls of `publish` that were dropped because there was no connection */
  dropped = 0;
  private connections = 0;
  private connected = false;
  private readonly told = new Subject<readonly Told[]>();
  private readonly reconnections = new Subject<void>();

  constructor(private readonly send: (from: Member, text: string) => void) {
    super();
  }

  override get isConnected(): boolean {
    return this.connected;
  }

  override get told$(): Observable<readonly Told[]> {
    return this.told;
  }

  override get connected$(): Observable<void> {
    return this.reconnections;
  }

  get connection(): number | null {
    return this.connected ? this.connections : null;
  }

  connect(): void {
    if (this.connected) return;
    this.connected = true;
    this.connections++;
    this.reconnections.next();
  }

  /** What is under way to this bus gets lost. */
  disconnect(): void {
    this.connected = false;
  }

  override publish(told: readonly Told[]): void {
    if (told.length === 0) return;
    const text = this.connected ? written(told) : null;
    if (text === null) this.dropped++;
    else this.send(this, text);
  }

  hear(told: readonly Told[]): void {
    this.told.next(told);
  }
}

function written(told: readonly Told[]): string | null {
  try {
    return JSON.stringify(told);
  } catch {
    return null;
  }
}
