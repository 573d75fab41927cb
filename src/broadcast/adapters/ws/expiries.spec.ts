import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import { Expiries } from './expiries.js';

const START_MS = 1_700_000_000_000;

function setUp() {
  const time = new VirtualTime();
  const clock = new VirtualClock(time, START_MS);
  const told: [key: string, atMs: number][] = [];
  const expiries = new Expiries<string>(clock, new VirtualScheduler(time), (key) =>
    told.push([key, clock.nowMs() - START_MS]),
  );
  return { time, clock, told, expiries };
}

describe('Expiries', () => {
  it('tells each identity at its time, by one timer', async () => {
    const { time, told, expiries } = setUp();
    for (const second of [30, 10, 20, 10]) expiries.set(`${second}.${expiries.size}`, START_MS + second * 1_000);
    expiries.set('never', null);
    expect(time.waiting).toBe(1);
    await time.advance(60_000);
    expect(told).toEqual([
      ['10.1', 10_000],
      ['10.3', 10_000],
      ['20.2', 20_000],
      ['30.0', 30_000],
    ]);
    expect([time.waiting, expiries.size]).toEqual([0, 0]);
  });

  it('tells at once what is over already', async () => {
    const { time, told, expiries } = setUp();
    expiries.set('a', START_MS - 5_000);
    await time.advance(0);
    expect(told).toEqual([['a', 0]]);
  });

  it('forgets who renewed, and who left', async () => {
    const { time, told, expiries } = setUp();
    expiries.set('renewed', START_MS + 1_000);
    expiries.set('left', START_MS + 1_000);
    expiries.set('forever', START_MS + 1_000);
    expiries.set('renewed', START_MS + 90_000);
    expiries.set('forever', null);
    expiries.delete('left');
    expiries.delete('left');
    await time.advance(89_999);
    expect(told).toEqual([]);
    await time.advance(1);
    expect(told).toEqual([['renewed', 90_000]]);
  });

  it('keeps times that no timer can wait for', async () => {
    const { time, told, expiries } = setUp();
    expiries.set('a', START_MS + 40 * 86_400_000);
    await time.advance(120_000);
    expect(told).toEqual([]);
    expect([time.waiting, expiries.size]).toEqual([1, 1]);
  });

  it('goes by the wall clock, whatever steps that', async () => {
    const { time, told, expiries, clock } = setUp();
    let aheadMs = 0;
    const { nowMs } = clock;
    clock.nowMs = () => nowMs.call(clock) + aheadMs;
    expiries.set('a', START_MS + 3_600_000);
    aheadMs = 3_600_000;
    await time.advance(60_000);
    expect(told).toEqual([['a', 60_000 + aheadMs]]);
  });

  it('lets an expiry end another client, or renew one', async () => {
    const time = new VirtualTime();
    const told: string[] = [];
    const expiries: Expiries<string> = new Expiries(
      new VirtualClock(time, START_MS),
      new VirtualScheduler(time),
      (key) => {
        told.push(key);
        if (key === 'first') {
          expiries.delete('second');
          expiries.set('first', START_MS + 5_000);
        }
      },
    );
    for (const key of ['first', 'second', 'third']) expiries.set(key, START_MS + 1_000);
    await time.advance(4_999);
    expect(told).toEqual(['first', 'third']);
    expiries.close();
    await time.advance(60_000);
    expect(told).toEqual(['first', 'third']);
    expect(time.waiting).toBe(0);
  });

  it('tells every key once, never early and at most a second late', async () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      inMs: fc.option(fc.integer({ min: 0, max: 150_000 })),
      waitMs: fc.integer({ min: 0, max: 90_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { time, told, expiries } = setUp();
        const expected = new Map<string, number>();
        const check = () => {
          for (const [key, atMs] of told.splice(0)) {
            const dueMs = expected.get(key) ?? Number.NaN;
            expect(atMs - dueMs).toBeGreaterThanOrEqual(0);
            expect(atMs - dueMs).toBeLessThan(1_000);
            expected.delete(key);
          }
        };
        for (const { key, inMs, waitMs } of steps) {
          expiries.set(key, inMs === null ? null : START_MS + time.nowMs + inMs);
          if (inMs === null) expected.delete(key);
          else expected.set(key, time.nowMs + inMs);
          await time.advance(waitMs, check);
        }
        await time.advance(200_000, check);
        expect([...expected]).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
