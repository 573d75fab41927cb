// Clients of one server, in a process of their own.
import { setTimeout as pause } from 'node:timers/promises';
import { answerParent } from './answer-parent.js';
import { Arrivals, type Latencies } from './arrivals.js';
import { CrowdClient, type Door } from './crowd-client.js';
import { sharedNowMs } from './shared-clock.js';

/** Handshakes that are under way at once, unless a rate is asked for. */
const CONNECTING_AT_ONCE = 100;
const CONNECT_TIMEOUT_MS = 60_000;

export interface Connect extends Door {
  readonly count: number;
  /** spread over so many milliseconds; as fast as the server takes them when absent */
  readonly overMs?: number;
  /** of the clients' side: each address has its own ports */
  readonly localAddress?: string;
  /** so many clients keep their newest long frame */
  readonly witnesses?: number;
}

export interface Connected {
  /** from the first attempt to the last welcome */
  readonly tookMs: number;
  /** of each client, from its attempt */
  readonly welcomedMs: readonly number[];
}

class Crowd {
  private clients: CrowdClient[] = [];
  private arrivals = new Arrivals(0, 0);
  private seen = new Uint32Array(0);
  private complete: (() => void) | null = null;
  private readonly failures: string[] = [];
  private cutting = false;

  /** Adds clients, and waits until all are welcomed. */
  async connect({ count, overMs, localAddress, witnesses = 0, ...door }: Connect): Promise<Connected> {
    this.cutting = false;
    const startedAtMs = sharedNowMs();
    const welcomedMs: number[] = [];
    const begunAtMs = new Map<CrowdClient, number>();
    let welcomed = () => {};
    const first = this.clients.length;
    const events = {
      welcomed: (client: CrowdClient) => {
        welcomedMs.push(sharedNowMs() - (begunAtMs.get(client) ?? 0));
        welcomed();
      },
      arrived: (client: CrowdClient, frames: number, atMs: number) => this.arrived(client, frames, atMs),
      closed: (_client: CrowdClient, reason: string) => {
        if (!this.cutting) this.failures.push(reason);
        welcomed();
      },
    };
    for (let n = 0; n < count; n++) {
      if (overMs !== undefined) await this.untilMs(startedAtMs + (n * overMs) / count);
      else while (n - welcomedMs.length >= CONNECTING_AT_ONCE) await this.next((resolve) => (welcomed = resolve));
      const client = new CrowdClient(first + n, door, events, localAddress);
      client.frames.keeps = n < witnesses;
      begunAtMs.set(client, sharedNowMs());
      this.clients.push(client);
    }
    while (welcomedMs.length < count) await this.next((resolve) => (welcomed = resolve));
    this.seen = new Uint32Array(this.clients.length);
    return { tookMs: sharedNowMs() - startedAtMs, welcomedMs };
  }

  /** Forgets what came before, and expects so many long frames at every client. */
  expect({ frames }: { readonly frames: number }): void {
    this.arrivals = new Arrivals(this.clients.length, frames);
    this.seen.fill(0);
  }

  /** Waits until all came, or no more. @returns how many are missing */
  async allArrived({ timeoutMs }: { readonly timeoutMs: number }): Promise<number> {
    if (this.arrivals.missing > 0) {
      const late = new AbortController();
      const all = new Promise<void>((resolve) => {
        this.complete = resolve;
      });
      await Promise.race([all, pause(timeoutMs, undefined, { signal: late.signal }).catch(() => undefined)]);
      late.abort();
      this.complete = null;
    }
    return this.arrivals.missing;
  }

  latencies({ sentAtMs }: { readonly sentAtMs: readonly number[] }): Latencies {
    return this.arrivals.latencies(sentAtMs);
  }

  /** The newest long frame of each witness. */
  kept(_: object): readonly string[] {
    return this.clients.flatMap(({ frames: { kept } }) => (kept ? [Buffer.from(kept).toString()] : []));
  }

  /** All connections are cut, as a network does it that goes away. */
  async cut(_: object): Promise<void> {
    this.cutting = true;
    for (const client of this.clients) client.cut();
    this.clients = [];
    await pause(0);
  }

  /** Why clients were lost that nobody cut. */
  lost(_: object): readonly string[] {
    return this.failures.splice(0);
  }

  private arrived({ index }: CrowdClient, frames: number, atMs: number): void {
    for (let n = 0; n < frames; n++) this.arrivals.add(index, this.seen[index]!++, atMs);
    if (this.arrivals.missing === 0) this.complete?.();
  }

  private async untilMs(atMs: number): Promise<void> {
    const waitMs = atMs - sharedNowMs();
    if (waitMs >= 1) await pause(waitMs);
  }

  private async next(listen: (resolve: () => void) => void): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('clients were not welcomed in time')), CONNECT_TIMEOUT_MS);
      listen(() => {
        clearTimeout(late);
        resolve();
      });
    });
    if (this.failures.length > 0) throw new Error(`a client was lost: ${this.failures[0]}`);
  }
}

export type CrowdCalls = {
  connect(how: Connect): Promise<Connected>;
  expect(what: { readonly frames: number }): void;
  allArrived(how: { readonly timeoutMs: number }): Promise<number>;
  latencies(of: { readonly sentAtMs: readonly number[] }): Latencies;
  kept(_: object): readonly string[];
  cut(_: object): Promise<void>;
  lost(_: object): readonly string[];
};

const crowd = new Crowd();
answerParent(
  {
    connect: (how: Connect) => crowd.connect(how),
    expect: (what: { readonly frames: number }) => crowd.expect(what),
    allArrived: (how: { readonly timeoutMs: number }) => crowd.allArrived(how),
    latencies: (of: { readonly sentAtMs: readonly number[] }) => crowd.latencies(of),
    kept: (nothing: object) => crowd.kept(nothing),
    cut: (nothing: object) => crowd.cut(nothing),
    lost: (nothing: object) => crowd.lost(nothing),
  },
  () => crowd.cut({}),
);
