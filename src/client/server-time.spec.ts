import { describe, expect, it } from '@jest/globals';
import { ServerTime } from './server-time.js';

function timeAt(now: { ms: number }): ServerTime {
  return new ServerTime(() => now.ms);
}

describe('the time of the server', () => {
  it('is ours until a frame says otherwise', () => {
    const now = { ms: 1_000_000 };
    const time = timeAt(now);
    expect(time.nowMs()).toBe(1_000_000);
    time.hear('soon');
    expect(time.nowMs()).toBe(1_000_000);
    time.hear(1_500_000);
    now.ms += 7;
    expect(time.nowMs()).toBe(1_500_007);
  });

  it('goes by the frame that travelled fastest', () => {
    const now = { ms: 1_000_000 };
    const time = timeAt(now);
    time.hear(999_000);
    time.hear(999_900);
    time.hear(999_200);
    expect(time.nowMs()).toBe(999_900);
  });

  it('follows a clock that was set back, and forgets another server', () => {
    const now = { ms: 10_000_000 };
    const time = timeAt(now);
    time.hear(10_000_000);
    now.ms += 3_600_000;
    time.hear(10_000_001);
    expect(time.nowMs()).toBe(10_000_001);
    time.forget();
    time.hear(9_999_000);
    expect(time.nowMs()).toBe(9_999_000);
  });
});
