import { describe, expect, it } from '@jest/globals';
import { calculateLegacyMinute } from '../../examples/legacy/calculate-minute.js';

const NOW_S = 1_795_436_000;
const ago = (minutes: number) => String(NOW_S - minutes * 60);

describe('calculateLegacyMinute', () => {
  it.each([
    ['the first half begins with minute 0', { status_id: 2, match_time: ago(0) }, 0],
    ['the first half has no stoppage time', { status_id: 2, match_time: ago(75) }, 60],
    ['the second half counts from its kick-off', { status_id: 4, second_half_kickoff_ts: ago(20) }, 65],
    ['the second half ends with 105', { status_id: 4, second_half_kickoff_ts: ago(90) }, 105],
    ['without a kick-off, from the planned start', { status_id: 4, match_time: ago(65) }, 65],
    ['without a kick-off, never below 45', { status_id: 4, match_time: ago(30) }, 45],
    ['extra time counts from its kick-off', { status_id: 5, overtime_kickoff_ts: ago(7) }, 97],
    ['extra time ends with 130', { status_id: 5, overtime_kickoff_ts: ago(70) }, 130],
    ['extra time without a kick-off stays at 90', { status_id: 5, overtime_kickoff_ts: null }, 90],
    ['a shoot-out is at 120', { status_id: 7 }, 120],
    ['half-time has none', { status_id: 3, match_time: ago(50) }, null],
  ])('%s', (_what, row, minute) => {
    expect(calculateLegacyMinute(row, NOW_S)).toBe(minute);
  });
});
