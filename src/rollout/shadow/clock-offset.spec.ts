import { describe, expect, it } from '@jest/globals';
import { ClockOffset } from './clock-offset.js';

describe('ClockOffset', () => {
  it('believes the fastest answer, for ten minutes', () => {
    const offset = new ClockOffset();
    expect(offset.toDatabaseMs(5)).toBe(5);
    offset.measured(11_000, 900, 1_100);
    expect([offset.toDatabaseMs(1_000), offset.toOurMs(11_000)]).toEqual([11_000, 1_000]);
    offset.measured(99_000, 2_000, 3_000);
    expect(offset.toDatabaseMs(0)).toBe(10_000);
    offset.measured(13_050, 3_000, 3_100);
    expect(offset.toDatabaseMs(0)).toBe(10_000);
    offset.measured(13_060, 3_000, 3_100);
    expect(offset.toDatabaseMs(0)).toBe(10_010);
    offset.measured(700_000, 650_000, 660_000);
    expect(offset.toDatabaseMs(0)).toBe(45_000);
  });
});
