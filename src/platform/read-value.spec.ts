import { describe, expect, it } from '@jest/globals';
import { readCount, readInteger, readRows, readText, toSlots, UnreadableValueError } from './read-value.js';

const row = (value: unknown) => ({ external_id: 'm', home_corners: value, home_red_cards: value });

describe('a count of a row', () => {
  it.each([
    ['integer', 5, 5],
    ['bigint', '5', 5],
    ['numeric with a scale', '5.00', 5],
    ['float8', 5.0, 5],
    ['zero', '0', 0],
    ['NULL', null, null],
    ['an absent column', undefined, null],
  ])('of type %s is read', (_what, value, expected) => expect(readCount(row(value), 'home_red_cards')).toBe(expected));

  it.each([
    ['text that is no number', 'five'],
    ['text that is no number', ''],
    ['text that is no number', ' 5'],
    ['a fraction', 1.5],
    ['a fraction', '1.5'],
    ['a negative number', -1],
    ['a negative number', '-1'],
    ['a number too large', '9007199254740993'],
    ['a number that is none', Number.NaN],
    ['a value of type boolean', true],
    ['a value of type object', { home: 1 }],
    ['a date', new Date(0)],
  ])('that is %s is refused, with match, column and kind, never the value', (kind, value) => {
    const read = () => readCount(row(value), 'home_red_cards');
    expect(read).toThrow(UnreadableValueError);
    expect(read).toThrow(
      `Column ts_matches.home_red_cards of match m holds ${kind}: correct the value, or the type of the column`,
    );
  });

  it('of corners may be without data, as the feed says it', () => {
    expect([readCount(row(-1), 'home_corners'), readCount(row('-1'), 'home_corners')]).toEqual([null, null]);
  });
});

describe('other values of a row', () => {
  it('an integer may be negative, a text is text', () => {
    expect(readInteger(row('-7'), 'home_corners')).toBe(-7);
    expect([readText(row('mqtt'), 'home_corners'), readText(row(null), 'home_corners')]).toEqual(['mqtt', null]);
    expect(() => readText(row(7), 'home_corners')).toThrow('holds a number');
  });

  it('a row with an unreadable value is told and left out', () => {
    const refused: string[] = [];
    const read = readRows(
      [row(1), row('x'), row(3)],
      (one) => readCount(one, 'home_corners'),
      ({ column }) => refused.push(column),
    );
    expect([read, refused]).toEqual([[1, 3], ['home_corners']]);
    const broken = () => {
      throw new TypeError('a fault of ours');
    };
    expect(() => readRows([row(1)], broken, () => {})).toThrow(TypeError);
  });
});

describe('seven slots', () => {
  const slots = [2, 1, 0, 0, 3, 0, 0];

  it.each([
    ['a JSON array', slots],
    ['its text', '[2,1,0,0,3,0,0]'],
    ['its text inside JSON', JSON.stringify(JSON.stringify(slots))],
    ['an array of texts', ['2', '1', '0', '0', '3', '0', '0']],
    ['numbers with a scale', '[2.0, 1, 0, 0, 3, 0, 0]'],
  ])('are read from %s', (_what, value) => expect(toSlots(value)).toEqual(slots));

  it('without corner data have no corners', () => {
    expect(toSlots([2, 1, 0, 0, -1, 0, 0])).toEqual([2, 1, 0, 0, 0, 0, 0]);
  });

  it.each([
    ['NULL', null],
    ['a text', 'two'],
    ['an object', { 0: 2 }],
    ['five of them', [2, 0, 0, 0, 0]],
    ['a fraction', [2.5, 0, 0, 0, 0, 0, 0]],
    ['a negative count', [-1, 0, 0, 0, 0, 0, 0]],
    ['texts within texts within texts', JSON.stringify(JSON.stringify(JSON.stringify(slots)))],
  ])('are not %s', (_what, value) => expect(toSlots(value)).toBeNull());
});
