import { describe, expect, it } from '@jest/globals';
import { Clock } from '../../kernel/clock.js';
import { fullSpeed, paced, pacedByClock } from './pace.js';

class FastClock extends Clock {
  constructor(private readonly rate: number) {
    super();
  }

  override nowMs(): number {
    return performance.now() * this.rate;
  }
}

describe('pace', () => {
  it('at full speed does not wait and dates every match now', async () => {
    const pace = fullSpeed(() => 5_000);
    await pace.waitUntil(1_000_000, undefined);
    expect(pace.dueMs(90)).toBe(5_000);
    expect(pace.kickoffSpeed).toBe(Number.POSITIVE_INFINITY);
  });

  it('passes minutes at the speed given', async () => {
    const nowMs = () => performance.now();
    const beganMs = nowMs();
    const pace = paced(60_000, nowMs);
    await pace.waitUntil(30, undefined);
    expect(nowMs() - beganMs).toBeGreaterThanOrEqual(30);
    expect(pace.dueMs(30) - pace.dueMs(0)).toBeCloseTo(30);
  });

  it('lets matches take their full time on a clock that runs fast', async () => {
    const beganMs = performance.now();
    const pace = pacedByClock(60_000, new FastClock(60_000));
    await pace.waitUntil(30, undefined);
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(30);
    expect(pace.dueMs(30) - pace.dueMs(0)).toBeCloseTo(30 * 60_000);
    expect(pace.kickoffSpeed).toBe(1);
  });

  it('stops waiting when it is told to', async () => {
    const pace = paced(1, () => performance.now());
    await expect(pace.waitUntil(30, AbortSignal.timeout(10))).rejects.toThrow();
  });
});
