import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { StatementQueue, type StatementWork } from './statement-queue.js';

const LATENCY_MS = 10;
const away = new Error('away');
const refused = new Error('refused');

/** Numbers that wait; the odd ones of `faulty` are what the database never takes. */
class Numbers implements StatementWork<number> {
  readonly told: string[] = [];
  readonly waiting: number[] = [];
  readonly faulty = new Set<number>();
  readonly sent: number[] = [];
  readonly locked = new Set<number>();
  away = false;
  inFlight = 0;
  queue!: StatementQueue<number>;

  constructor(private readonly time: VirtualTime) {}

  add(...items: number[]): void {
    this.waiting.push(...items);
    this.queue.wake();
  }

  take(most: number): readonly number[] | null {
    return this.waiting.length > 0 ? this.waiting.splice(0, most) : null;
  }

  async send(items: readonly number[]): Promise<readonly number[]> {
    expect(++this.inFlight).toBe(1);
    this.told.push(`send ${items.join()}`);
    await new Promise<void>((resolve) => void this.time.after(LATENCY_MS, resolve));
    this.inFlight--;
    if (this.away) throw away;
    if (items.some((item) => this.faulty.has(item))) throw refused;
    this.sent.push(...items.filter((item) => !this.locked.has(item)));
    return items.filter((item) => this.locked.has(item));
  }

  giveBack(items: readonly number[]): boolean {
    this.waiting.unshift(...items);
    return this.waiting.length > 0;
  }

  giveUp(item: number): void {
    this.told.push(`give up ${item}`);
  }

  outageBegan(): void {
    this.told.push('outage');
  }

  outageOver(): void {
    this.told.push('over');
  }
}

describe('StatementQueue', () => {
  let time: VirtualTime;
  let work: Numbers;
  let queue: StatementQueue<number>;

  beforeEach(() => {
    time = new VirtualTime();
    work = new Numbers(time);
    const policy = {
      most: 3,
      retry: { firstMs: 100, maxMs: 400 },
      isPermanent: (error: unknown) => error === refused,
    };
    queue = new StatementQueue(work, policy, new VirtualScheduler(time, () => 1));
    work.queue = queue;
  });
  afterEach(() => {
    queue.stop();
    expect(time.waiting).toBe(0);
  });

  it('sends in the turn of the wake, and collects what comes meanwhile', async () => {
    work.add(1);
    expect([work.told, queue.mode]).toEqual([['send 1'], 'sending']);
    work.add(2, 3);
    work.add(4, 5);
    await time.advance(3 * LATENCY_MS);
    expect([work.told, queue.mode]).toEqual([['send 1', 'send 2,3,4', 'send 5'], 'idle']);
  });

  it('tries again with growing pauses, and tells an outage once and its end once', async () => {
    work.away = true;
    work.add(1);
    await time.advance(LATENCY_MS);
    expect([queue.mode, queue.failing, queue.attempts]).toEqual(['pausing', true, 1]);
    work.add(2);
    const sentAtMs: number[] = [];
    let seen = work.told.length;
    await time.advance(1_500, () => {
      if (work.told.length > seen) sentAtMs.push(time.nowMs);
      seen = work.told.length;
    });
    expect(sentAtMs).toEqual([110, 320, 730, 1_140]);
    work.away = false;
    await time.advance(500);
    expect(work.told.filter((line) => !line.startsWith('send'))).toEqual(['outage', 'over']);
    expect([work.sent, queue.mode, queue.failing]).toEqual([[1, 2], 'idle', false]);
    work.away = true;
    work.add(3);
    await time.advance(LATENCY_MS);
    expect([work.told.at(-1), queue.attempts]).toEqual(['outage', 1]);
  });

  it('narrows a refused statement down to the faulty item, without a pause', async () => {
    work.faulty.add(2);
    work.add(0);
    work.add(1, 2, 3, 4);
    await time.advance(6 * LATENCY_MS);
    expect(work.told).toEqual(['send 0', 'send 1,2,3', 'send 1', 'send 2', 'give up 2', 'send 3', 'send 4']);
    expect([work.sent, queue.mode]).toEqual([[0, 1, 3, 4], 'idle']);
  });

  it('goes on narrowing after an outage, where it was', async () => {
    work.faulty.add(2);
    work.add(1, 2, 3, 4);
    await time.advance(LATENCY_MS);
    work.away = true;
    await time.advance(LATENCY_MS);
    expect(queue.mode).toBe('pausing');
    work.away = false;
    await time.advance(200);
    const sent = ['send 1,2,3', 'send 1', 'outage', 'send 1', 'over', 'send 2', 'give up 2', 'send 3', 'send 4'];
    expect([work.told, queue.mode]).toEqual([sent, 'idle']);
  });

  it('pauses for a locked row, which is no outage', async () => {
    work.locked.add(1);
    work.add(1, 2);
    await time.advance(LATENCY_MS);
    expect([work.sent, queue.mode, queue.failing, queue.attempts]).toEqual([[2], 'pausing', false, 1]);
    work.locked.clear();
    await time.advance(110);
    expect([work.sent, queue.mode, queue.attempts]).toEqual([[2, 1], 'idle', 0]);
    expect(work.told).not.toContain('outage');
  });

  it('does not pause when the owner wants nothing back', async () => {
    work.away = true;
    work.giveBack = () => false;
    work.add(1, 2, 3, 4);
    await time.advance(2 * LATENCY_MS);
    expect([work.told, queue.mode]).toEqual([['send 1,2,3', 'outage', 'send 4'], 'idle']);
  });

  it('sends statements without items, and retries them as others', async () => {
    let owed = 1;
    const sent: number[] = [];
    const upkeep = new StatementQueue<number>(
      {
        take: () => (owed > 0 ? [] : null),
        send: async ({ length }) => {
          sent.push(length);
          if (sent.length === 1) throw refused;
          owed--;
          return [];
        },
        giveBack: () => owed > 0,
        giveUp: () => expect('never').toBe('called'),
      },
      { most: 1, retry: { firstMs: 100, maxMs: 400 }, isPermanent: () => true },
      new VirtualScheduler(time),
    );
    upkeep.wake();
    await time.advance(100);
    expect([sent, upkeep.mode]).toEqual([[0, 0], 'idle']);
  });

  it('drains: a pause ends at once, and what comes meanwhile is sent too', async () => {
    work.away = true;
    work.add(1);
    await time.advance(LATENCY_MS);
    work.away = false;
    const drained = queue.drain(1_000);
    expect(queue.mode).toBe('sending');
    work.add(2);
    await time.advance(2 * LATENCY_MS);
    await drained;
    expect([work.sent, time.nowMs]).toEqual([[1, 2], 30]);
    await queue.drain(1_000);
  });

  it('drains for so long at most, for everybody who waits', async () => {
    work.away = true;
    work.add(1);
    let drained = 0;
    for (const waitMs of [500, 1_000]) void queue.drain(waitMs).then(() => drained++);
    await time.advance(499);
    expect(drained).toBe(0);
    await time.advance(1);
    expect(drained).toBe(1);
    work.away = false;
    await time.advance(450);
    expect([drained, queue.mode]).toEqual([2, 'idle']);
  });

  it('stops for good: the statement in flight is answered, nothing follows it', async () => {
    work.add(1);
    work.add(2);
    let drained = false;
    void queue.drain(60_000).then(() => {
      drained = true;
    });
    queue.stop();
    await time.advance(LATENCY_MS);
    expect([work.sent, drained, queue.mode]).toEqual([[1], true, 'stopped']);
    work.add(3);
    await queue.drain(1_000);
    await time.advance(1_000);
    expect(work.told).toEqual(['send 1']);
  });

  it('gives back what failed after the stop, and does not pause', async () => {
    work.away = true;
    work.add(1);
    queue.stop();
    await time.advance(LATENCY_MS);
    expect([work.waiting, queue.mode, time.waiting]).toEqual([[1], 'stopped', 0]);
  });

  it('brings every item to one end, whatever happens', async () => {
    const event = fc.oneof(
      fc.record({ add: fc.integer({ min: 1, max: 5 }), faulty: fc.boolean(), locked: fc.boolean() }),
      fc.record({ away: fc.boolean() }),
      fc.record({ waitMs: fc.integer({ min: 1, max: 500 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 30 }), async (events) => {
        const virtual = new VirtualTime();
        const numbers = new Numbers(virtual);
        const policy = { most: 3, retry: { firstMs: 10, maxMs: 100 }, isPermanent: (e: unknown) => e === refused };
        numbers.queue = new StatementQueue(numbers, policy, new VirtualScheduler(virtual));
        let last = 0;
        for (const it of events) {
          if ('away' in it) numbers.away = it.away;
          else if ('waitMs' in it) await virtual.advance(it.waitMs);
          else {
            const items = Array.from({ length: it.add }, () => ++last);
            if (it.faulty) numbers.faulty.add(last);
            else if (it.locked) numbers.locked.add(last);
            numbers.add(...items);
          }
        }
        numbers.away = false;
        numbers.locked.clear();
        await virtual.advance(60_000);
        const givenUp = numbers.told.filter((line) => line.startsWith('give up')).map((line) => Number(line.slice(8)));
        expect(new Set(givenUp)).toEqual(numbers.faulty);
        expect([...numbers.sent, ...givenUp].sort((a, b) => a - b)).toEqual(
          Array.from({ length: last }, (_, n) => n + 1),
        );
        const outages = numbers.told.filter((line) => line === 'outage' || line === 'over');
        expect(outages).toEqual(outages.map((_, n) => (n % 2 === 0 ? 'outage' : 'over')));
        expect([outages.length % 2, numbers.queue.mode, virtual.waiting]).toEqual([0, 'idle', 0]);
      }),
      { numRuns: 60 },
    );
  });
});
