import { describe, expect, it } from '@jest/globals';
import type { Told } from '../broadcast/ports/told.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { type InMemoryBroadcastBus, InMemoryBusHub } from './in-memory-broadcast-bus.js';

/** Time that runs when the test says so. */
class ManualScheduler extends Scheduler {
  private nowMs = 0;
  private readonly timers = new Set<{ readonly atMs: number; readonly action: () => void }>();

  override after(delayMs: number, action: () => void): Cancel {
    const timer = { atMs: this.nowMs + delayMs, action };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  override every(): Cancel {
    throw new Error('The hub has no use for it');
  }

  override random(): number {
    throw new Error('The hub has a seed');
  }

  override monotonicMs(): number {
    return this.nowMs;
  }

  advance(ms: number): void {
    this.nowMs += ms;
    const due = [...this.timers].filter(({ atMs }) => atMs <= this.nowMs).sort((a, b) => a.atMs - b.atMs);
    for (const timer of due) {
      this.timers.delete(timer);
      timer.action();
    }
  }
}

const told = (matchId: string): readonly Told[] => [{ matchId, frames: [] }];

function open(seed = 1) {
  const scheduler = new ManualScheduler();
  const hub = new InMemoryBusHub({ seed, scheduler });
  const [a, b, c] = [hub.join(), hub.join(), hub.join()];
  const heard = new Map<InMemoryBroadcastBus, string[]>();
  for (const bus of [a, b, c]) {
    const ids: string[] = [];
    heard.set(bus, ids);
    bus.told$.subscribe((news) => void ids.push(...news.map(({ matchId }) => matchId)));
    bus.connect();
  }
  return { hub, scheduler, a, b, c, heardBy: (bus: InMemoryBroadcastBus) => heard.get(bus) ?? [] };
}

const numbers = Array.from({ length: 200 }, (_, index) => String(index));

describe('a hub in memory', () => {
  it('loses the same messages with the same seed, for each receiver others', () => {
    const losses = [7, 7, 8].map((seed) => {
      const { hub, scheduler, a, b, c, heardBy } = open(seed);
      hub.loss = 0.5;
      for (const id of numbers) a.publish(told(id));
      scheduler.advance(1);
      return [heardBy(b), heardBy(c)];
    });
    expect(losses[0]).toEqual(losses[1]);
    expect(losses[0]).not.toEqual(losses[2]);
    expect(losses[0]?.[0]).not.toEqual(losses[0]?.[1]);
    expect(losses[0]?.[0]?.length).toBeGreaterThan(60);
    expect(losses[0]?.[0]?.length).toBeLessThan(140);
  });

  it('delays within bounds and keeps the order', () => {
    const { hub, scheduler, a, b, heardBy } = open();
    hub.delayMs = { least: 10, most: 50 };
    for (const id of numbers) a.publish(told(id));
    scheduler.advance(9);
    expect(heardBy(b)).toEqual([]);
    scheduler.advance(41);
    expect(heardBy(b)).toEqual(numbers);
  });

  it('is parted without anybody noticing', () => {
    const { scheduler, a, b, c, heardBy } = open();
    c.side = 1;
    a.publish(told('one'));
    c.publish(told('two'));
    scheduler.advance(1);
    expect([heardBy(a), heardBy(b), heardBy(c)]).toEqual([[], ['one'], []]);
    expect([a, b, c].every(({ isConnected }) => isConnected)).toBe(true);
  });

  it('loses what is under way to a bus that is disconnected, even if it comes back at once', () => {
    const { hub, scheduler, a, b, c, heardBy } = open();
    hub.delayMs = { least: 10, most: 10 };
    a.publish(told('one'));
    b.disconnect();
    b.connect();
    a.publish(told('two'));
    scheduler.advance(20);
    expect([heardBy(b), heardBy(c)]).toEqual([['two'], ['one', 'two']]);
  });

  it('loses what is under way when it is closed', () => {
    const { hub, scheduler, a, b, heardBy } = open();
    a.publish(told('one'));
    hub.close();
    scheduler.advance(1_000);
    expect(heardBy(b)).toEqual([]);
  });
});
