import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { Backoff } from './backoff.js';
import { Timer } from './timer.js';

describe('Timer', () => {
  let time: VirtualTime;
  let timer: Timer;
  let ran: string[];
  beforeEach(() => {
    time = new VirtualTime();
    timer = new Timer(new VirtualScheduler(time, () => 1));
    ran = [];
  });
  const action = (name: string) => () => void ran.push(`${name} ${time.nowMs}`);

  it('runs the last action it was set to, once', async () => {
    timer.set(100, action('a'));
    timer.set(50, action('b'));
    expect(timer.isSet).toBe(true);
    await time.advance(500);
    expect([ran, timer.isSet]).toEqual([['b 50'], false]);
  });

  it('may be set again by its own action', async () => {
    timer.set(10, () => timer.set(10, action('second')));
    await time.advance(10);
    expect(timer.isSet).toBe(true);
    await time.advance(10);
    expect(ran).toEqual(['second 20']);
  });

  it('is cleared for now, and stopped for good', async () => {
    timer.set(10, action('a'));
    timer.clear();
    timer.set(20, action('b'));
    await time.advance(20);
    timer.set(10, action('c'));
    timer.stop();
    timer.set(10, action('d'));
    expect([timer.isSet, time.waiting]).toEqual([false, 0]);
    await time.advance(100);
    expect(ran).toEqual(['b 20']);
  });

  it('carries growing pauses, which start over after a success', async () => {
    const backoff = new Backoff(new VirtualScheduler(time, () => 1), { firstMs: 10, maxMs: 30 });
    const pauses: number[] = [];
    for (let n = 0; n < 4; n++) {
      const beganMs = time.nowMs;
      backoff.wait(() => pauses.push(time.nowMs - beganMs));
      await time.advance(50);
    }
    expect([pauses, backoff.attempts]).toEqual([[10, 20, 30, 30], 4]);
    backoff.reset();
    backoff.wait(action('after'));
    backoff.wait(action('instead'));
    backoff.cutShort();
    expect([backoff.attempts, time.waiting]).toEqual([2, 0]);
    backoff.stop();
    backoff.wait(action('never'));
    await time.advance(100);
    expect([ran, time.waiting]).toEqual([[], 0]);
  });
});
