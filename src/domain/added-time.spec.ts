import { describe, expect, it } from '@jest/globals';
import { announcedMinutes, announcementsIn } from './added-time.js';

const announced = (time: number) => ({ type: 19, position: 0, time });

describe('announced added time', () => {
  it.each([
    ['minutes', 4, 45, 4],
    ['the minute at which the period is to end', 49, 45, 4],
    ['the same of the second half', 96, 90, 6],
    ['no minute at all', 0, 45, null],
    ['a minute before the end of the period', 40, 45, null],
    ['more than anybody announces', 121, 90, null],
  ])('is read from %s', (_, time, endMinute, minutes) => {
    expect(announcedMinutes(announced(time), endMinute)).toBe(minutes);
  });

  it('belongs to one period after the other, beside other incidents', () => {
    const goal = { type: 1, position: 1, time: 12 };
    const list = [goal, announced(2), announced(5), goal, announced(1), announced(9)];
    expect([...announcementsIn(list)]).toEqual([
      ['first-half', announced(2)],
      ['second-half', announced(5)],
      ['extra-time', announced(1)],
    ]);
    expect(announcementsIn([goal]).size).toBe(0);
  });
});
