import { describe, expect, it } from '@jest/globals';
import { PushTimes } from './push-times.js';

describe('match activity', () => {
  it('knows the last push of the 5,000 matches heard of last, and forgets older ones within bounds', () => {
    const activity = new PushTimes();
    for (let n = 0; n < 20_000; n++) activity.pushed(`m${n}`, n);
    expect(activity.lastPushAtMs('m19999')).toBe(19_999);
    expect(activity.lastPushAtMs('m15000')).toBe(15_000);
    expect(activity.lastPushAtMs('m0')).toBeNull();
    activity.pushed('m15000', 30_000);
    expect(activity.lastPushAtMs('m15000')).toBe(30_000);
    expect(activity.lastPushAtMs('never')).toBeNull();
  });
});
