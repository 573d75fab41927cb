import { describe, expect, it } from '@jest/globals';
import { decode, tuple, ZERO } from '../../test/support/score-frames.js';

describe('times', () => {
  it.each<[unknown, number | null]>([
    [1_768_662_000, 1_768_662_000],
    [1_768_662_000_999, 1_768_662_000],
    [0, null],
    [-1, null],
    [946_684_799, null],
    [946_684_800, 946_684_800],
    [4_102_444_799, 4_102_444_799],
    [4_102_444_800, null],
    [4_102_444_800_000, null],
    [1_768_662_000.5, null],
    ['1768662000', null],
    [null, null],
  ])('score[4] %p gives the kick-off %p', (ts, expected) => {
    const { updates } = decode(['a', 2, ZERO, ZERO, ts]);
    expect(updates[0]?.score?.periodKickoffS).toBe(expected);
    expect(updates[0]?.providerTimeS).toBeNull();
  });

  it.each<[object, number | null]>([
    [{ update_time: 1_768_662_001 }, 1_768_662_001],
    [{ updateTime: 1_768_662_001_500 }, 1_768_662_001],
    [{ ut: 1_768_662_001 }, 1_768_662_001],
    [{ ts: 0, timestamp: 1_768_662_001 }, 1_768_662_001],
    [{ meta: { update_time: 1_768_662_001 } }, 1_768_662_001],
    [{ meta: 'x', update_time: 'soon' }, null],
    [{ meta: null, update_time: 99 }, null],
  ])('provider time of %p', (fields, expected) => {
    expect(decode({ id: 'a', score: tuple('a'), ...fields }).updates[0]?.providerTimeS).toBe(expected);
  });

  it('a time on the envelope holds for its items, their own time first', () => {
    const { updates } = decode({
      '0': { id: 'a', score: tuple('a') },
      '1': { id: 'b', score: tuple('b'), ut: 1_768_662_005 },
      '2': tuple('c'),
      ut: 1_768_662_009,
    });
    expect(updates.map((one) => one.providerTimeS)).toEqual([1_768_662_009, 1_768_662_005, 1_768_662_009]);
  });
});

describe('fields', () => {
  it('corners below zero mean no data, whatever the number', () => {
    const { updates } = decode(['a', 2, [1, 0, 0, 0, -7, 0, 0], ZERO, 0]);
    expect(updates[0]?.score?.home).toEqual([1, 0, 0, 0, -1, 0, 0]);
  });

  it('keeps documented incident fields of the right type only', () => {
    const { updates } = decode({
      id: 'a',
      incidents: [
        {
          type: 77,
          position: 0,
          time: 5,
          player_id: 12,
          player_name: '',
          home_score: '1',
          reason_type: null,
          note: 'x',
        },
        { type: 3, position: 1, time: 6, player_name: 'J\0\ud800', away_score: -1, var_result: 1.5 },
      ],
    });
    expect(updates[0]?.incidents).toStrictEqual([
      { type: 77, position: 0, time: 5 },
      { type: 3, position: 1, time: 6, player_name: 'J\ufffd\ufffd' },
    ]);
  });

  it('keeps commentary fields of the right type only', () => {
    const { updates } = decode({ id: 'a', tlive: [{ data: 'x', time: null, position: 5, main: 1 }] });
    expect(updates[0]?.commentary).toStrictEqual([{ data: 'x' }]);
  });
});
