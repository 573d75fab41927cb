import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Cancel, Scheduler } from '../../../kernel/scheduler.js';
import type { RedisClient } from './redis-client.js';
import { RedisLink } from './redis-link.js';

/** Timers that run when the test says so. */
class ManualScheduler extends Scheduler {
  nowMs = 0;
  private readonly timers = new Set<{ atMs: number; readonly everyMs: number | null; readonly action: () => void }>();

  get waiting(): number {
    return this.timers.size;
  }

  override after(delayMs: number, action: () => void): Cancel {
    return this.add({ atMs: this.nowMs + delayMs, everyMs: null, action });
  }

  override every(periodMs: number, action: () => void): Cancel {
    return this.add({ atMs: this.nowMs + periodMs, everyMs: periodMs, action });
  }

  override random(): number {
    return 1;
  }

  override monotonicMs(): number {
    return this.nowMs;
  }

  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await settled();
    for (let next = this.next(untilMs); next; next = this.next(untilMs)) {
      this.nowMs = next.atMs;
      if (next.everyMs === null) this.timers.delete(next);
      else next.atMs += next.everyMs;
      next.action();
      await settled();
    }
    this.nowMs = untilMs;
  }

  private add(timer: { atMs: number; everyMs: number | null; action: () => void }): Cancel {
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  private next(untilMs: number) {
    return [...this.timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A client of a Redis that does what the test says. */
class FakeClient extends EventEmitter implements RedisClient {
  isOpen = false;
  isSilent = false;
  readonly sent: string[] = [];
  private readonly rejections = new Set<(error: Error) => void>();

  constructor(readonly signal: AbortSignal) {
    super();
    signal.addEventListener('abort', () => this.fail(new Error('aborted')));
  }

  connect(): Promise<void> {
    this.isOpen = true;
    return this.answer();
  }

  ping(): Promise<void> {
    return this.answer();
  }

  publish(_channel: string, message: string): Promise<void> {
    this.sent.push(message);
    return this.answer();
  }

  subscribe(): Promise<void> {
    return this.answer();
  }

  destroy(): void {
    if (!this.isOpen) throw new Error('The client is closed');
    this.isOpen = false;
    this.fail(new Error('destroyed'));
  }

  /** the connection breaks */
  break(): void {
    this.emit('error', new Error('Socket closed unexpectedly'));
  }

  private fail(error: Error): void {
    for (const reject of this.rejections) reject(error);
    this.rejections.clear();
  }

  private answer(): Promise<void> {
    if (!this.isSilent) return Promise.resolve();
    return new Promise((_, reject) => void this.rejections.add(reject));
  }
}

let scheduler: ManualScheduler;
let clients: FakeClient[];
let isSilent: boolean;
let connections: number;
let failures: string[];
let link: RedisLink;

beforeEach(() => {
  scheduler = new ManualScheduler();
  clients = [];
  isSilent = false;
  connections = 0;
  failures = [];
  link = new RedisLink(
    {
      address: { host: 'h', port: 1, tls: false },
      channel: 'c',
      scheduler,
      open: (_, signal) => {
        const client = new FakeClient(signal);
        client.isSilent = isSilent;
        clients.push(client);
        return client;
      },
    },
    {
      connected: () => void connections++,
      failed: (reason) => void failures.push((reason as Error).message),
      heard: () => {},
    },
  );
});

const openClients = () => clients.filter(({ isOpen }) => isOpen).length;
const client = (index: number): FakeClient => {
  const found = clients[index];
  if (!found) throw new Error(`There is no client ${index}`);
  return found;
};

describe('a link to Redis', () => {
  it('has two connections, and a sign of life of both every 800 ms', async () => {
    link.start();
    link.start();
    await scheduler.advance(60_000);
    expect([clients.length, openClients(), connections, failures, link.isConnected]).toEqual([2, 2, 1, [], true]);
  });

  it.each([0, 1])('ends both and makes new ones when one of them breaks (%i)', async (broken) => {
    link.start();
    await scheduler.advance(0);
    client(broken).break();
    expect([link.isConnected, openClients()]).toEqual([false, 0]);
    await scheduler.advance(100);
    expect([link.isConnected, openClients(), clients.length, connections]).toEqual([true, 2, 4, 2]);
    // the old ones have no say any more
    client(0).break();
    client(1).break();
    expect([link.isConnected, failures.length]).toEqual([true, 1]);
  });

  it.each([0, 1])('is given up at the second beat without an answer of one of them (%i)', async (silent) => {
    link.start();
    await scheduler.advance(800);
    client(silent).isSilent = true;
    await scheduler.advance(2 * 800);
    expect(link.isConnected).toBe(true);
    await scheduler.advance(800);
    expect(failures).toEqual(['Redis does not answer']);
  });

  it('gives an attempt two seconds, waits longer after each, and no longer than two seconds', async () => {
    isSilent = true;
    link.start();
    const starts = [0];
    for (let ms = 0; ms < 30_000; ms += 10) {
      await scheduler.advance(10);
      if (clients.length / 2 > starts.length) starts.push(scheduler.nowMs);
    }
    const pauses = starts.slice(1).map((ms, index) => ms - Number(starts[index]) - 2_000);
    expect(pauses.slice(0, 8)).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000]);
    expect([connections, openClients()]).toEqual([0, 2]);
  });

  it('counts the failures anew only after a sign of life', async () => {
    link.start();
    await scheduler.advance(0);
    client(0).break();
    await scheduler.advance(100);
    client(2).break();
    await scheduler.advance(150);
    expect(connections).toBe(2);
    await scheduler.advance(50);
    expect(connections).toBe(3);
    await scheduler.advance(800);
    client(4).break();
    await scheduler.advance(100);
    expect(connections).toBe(4);
  });

  it('takes 1,000 messages without an answer, or 8 MiB', async () => {
    isSilent = false;
    link.start();
    await scheduler.advance(0);
    client(0).isSilent = true;
    const taken = Array.from({ length: 1_001 }, () => link.send('x')).filter((answer) => answer !== null);
    expect(taken).toHaveLength(1_000);
    for (const answer of taken) answer.catch(() => undefined);
    client(0).break();
    await scheduler.advance(100);
    const wide = client(2);
    wide.isSilent = true;
    const long = 'x'.repeat(1_000_000);
    const many = Array.from({ length: 10 }, () => link.send(long)).filter((answer) => answer !== null);
    expect([many.length, wide.sent.length]).toEqual([8, 8]);
    for (const answer of many) answer.catch(() => undefined);
  });

  it.each(['new', 'connecting', 'connected', 'waiting'])('ends for good while it is %s', async (state) => {
    isSilent = state === 'connecting';
    if (state !== 'new') link.start();
    await scheduler.advance(0);
    if (state === 'waiting') client(0).break();
    await link.close(800);
    await scheduler.advance(10_000);
    expect([link.isConnected, openClients(), scheduler.waiting]).toEqual([false, 0, 0]);
    link.start();
    await scheduler.advance(10_000);
    expect([link.send('x'), openClients(), scheduler.waiting]).toEqual([null, 0, 0]);
  });

  it('waits at the end for answers, so long and no longer', async () => {
    link.start();
    await scheduler.advance(0);
    client(0).isSilent = true;
    const answer = link.send('x')?.catch(({ message }: Error) => message);
    let ended = false;
    const end = link.close(800).then(() => {
      ended = true;
    });
    await scheduler.advance(790);
    expect([ended, link.send('y')]).toEqual([false, null]);
    await scheduler.advance(20);
    await end;
    expect([ended, await answer, openClients()]).toEqual([true, 'destroyed', 0]);
  });
});
