import { describe, expect, it } from '@jest/globals';
import { reconnectPauseMs } from './reconnect-pause.js';

describe('the pause before the next connection', () => {
  it.each([
    [1, 50, 100],
    [2, 50, 200],
    [5, 50, 1_600],
    [6, 50, 2_000],
    [1_000_000, 50, 2_000],
  ])('after %i failures is any time from %i to %i ms', (failures, least, most) => {
    expect(reconnectPauseMs(failures, { random: () => 0 })).toBe(least);
    expect(reconnectPauseMs(failures, { random: () => 1 })).toBe(most);
  });
});
