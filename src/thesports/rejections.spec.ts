import { describe, expect, it } from '@jest/globals';
import { decode, ORIGIN, scored, tuple, update, ZERO } from '../../test/support/score-frames.js';
import { decodeMessage, MAX_PAYLOAD_BYTES } from './decode-message.js';
import type { RejectionReason } from './decoded-message.js';

describe('what is refused', () => {
  it.each<[string, unknown, string, RejectionReason, string | null]>([
    ['null', null, 'message', 'scalar', null],
    ['a string', 'l7oqdehg6ko3r51', 'message', 'scalar', null],
    ['an empty object', {}, 'item', 'no-id', null],
    ['an item without any part', { id: 'a', goals: 3 }, 'item', 'unknown-shape', 'a'],
    ['an id that is a number', { id: 12, stats: [[2, 1, 1]] }, 'item', 'id-not-text', null],
    ['a tuple whose id is a number', tuple(12), 'item', 'id-not-text', null],
    ['a tuple without id', tuple(null), 'item', 'no-id', null],
    ['an id of 256 characters', tuple('x'.repeat(256)), 'item', 'bad-id', null],
    ['an id of spaces', tuple('   '), 'item', 'blank-id', null],
    ['an id of wide spaces', tuple('\u3000'), 'item', 'blank-id', null],
    ['an id that cannot be stored', tuple('a\0b'), 'item', 'bad-id', null],
    ['half a surrogate pair in an id', tuple('a\ud800'), 'item', 'bad-id', null],
    ['a status as text', ['a', '2', ZERO, ZERO, 0], 'score', 'bad-status', 'a'],
    ['a fractional status', ['a', 2.5, ZERO, ZERO, 0], 'score', 'bad-status', 'a'],
    ['slots as text', ['a', 2, ['1', 0, 0, 0, 0, 0, 0], ZERO, 0], 'score', 'bad-slots', 'a'],
    ['fractional goals', ['a', 2, [1.5, 0, 0, 0, 0, 0, 0], ZERO, 0], 'score', 'bad-slots', 'a'],
    ['too many goals', ['a', 2, ZERO, [32_768, 0, 0, 0, 0, 0, 0], 0], 'score', 'absurd-count', 'a'],
    ['goals without end', ['a', 2, [1e308, 0, 0, 0, 0, 0, 0], ZERO, 0], 'score', 'absurd-count', 'a'],
    [
      'an absurd score in an item',
      { id: 'a', score: ['a', 2, ZERO, [100, 0, 0, 0, 0, 0, 0], 0] },
      'score',
      'absurd-count',
      'a',
    ],
    ['six slots', ['a', 2, [0, 0, 0, 0, 0, 0], ZERO, 0], 'score', 'bad-slots', 'a'],
    ['slots that are an object', ['a', 2, { valueOf: 1, toString: 1 }, ZERO, 0], 'score', 'bad-slots', 'a'],
    ['a slot that is an object', ['a', 2, [{ valueOf: 1 }, 0, 0, 0, 0, 0, 0], ZERO, 0], 'score', 'bad-slots', 'a'],
    ['negative shoot-out goals', ['a', 2, ZERO, [0, 0, 0, 0, 0, 0, -1], 0], 'score', 'negative-goals', 'a'],
    ['a score that is an object', { id: 'a', score: { home: 1 } }, 'score', 'unknown-shape', 'a'],
    ['two nested scores', { id: 'a', score: [tuple('a'), tuple('a')] }, 'score', 'unknown-shape', 'a'],
    ['a score nested twice', { id: 'a', score: [[tuple('a')]] }, 'score', 'id-not-text', 'a'],
    ['a score without its id', { id: 'a', score: [null, 2, ZERO, ZERO, 0] }, 'score', 'no-id', 'a'],
    ['a pair of unknown things', ['a', [1, 2]], 'item', 'unknown-shape', 'a'],
    ['a pair of incomplete rows', ['a', [[1, 2, 3, 4]]], 'item', 'unknown-shape', 'a'],
    ['a pair of unknown objects', ['a', [{ x: 1 }, { type: 2, home: 1 }]], 'item', 'unknown-shape', 'a'],
    ['statistics that are no list', { id: 'a', stats: 5 }, 'statistics', 'unknown-shape', 'a'],
    ['commentary that is a time', { id: 'a', tlive: 1_768_662_000 }, 'commentary', 'unknown-shape', 'a'],
    ['statistics without data', { id: 'a', stats: [{ type: 2, home: -1, away: -1 }] }, 'statistics', 'bad-entry', 'a'],
    ['a statistic of text', { id: 'a', stats: ['x'] }, 'statistics', 'bad-entry', 'a'],
    ['a statistic with a fractional type', { id: 'a', stats: [[2.5, 1, 1]] }, 'statistics', 'bad-entry', 'a'],
    ['a short statistic', { id: 'a', stats: [[2, 1]] }, 'statistics', 'bad-entry', 'a'],
    ['an incident without time', { id: 'a', incidents: [{ type: 1, position: 1 }] }, 'incidents', 'bad-entry', 'a'],
    [
      'an incident minute as text',
      { id: 'a', incidents: [{ type: 1, position: 1, time: '5' }] },
      'incidents',
      'bad-entry',
      'a',
    ],
    [
      'an incident of a third team',
      { id: 'a', incidents: [{ type: 1, position: 3, time: 5 }] },
      'incidents',
      'bad-entry',
      'a',
    ],
    ['a short positional incident', { id: 'a', incidents: [[1, 1, 5]] }, 'incidents', 'bad-entry', 'a'],
    ['an incident of text', { id: 'a', incidents: ['goal'] }, 'incidents', 'bad-entry', 'a'],
    ['commentary without text', { id: 'a', tlive: [{ time: '5' }] }, 'commentary', 'bad-entry', 'a'],
    ['a pair of bad statistics', ['a', [['x', 1, 1]]], 'statistics', 'bad-entry', 'a'],
    ['a pair of bad incidents', ['a', [{ type: 1, time: 'x' }]], 'incidents', 'bad-entry', 'a'],
    ['commentary as a number', ['a', [{ data: 5 }]], 'commentary', 'bad-entry', 'a'],
    ['commentary of text', { id: 'a', tlive: ['Goal'] }, 'commentary', 'bad-entry', 'a'],
    ['a numeric key with nothing behind it', { '0': null }, 'item', 'unknown-shape', null],
    ['a REST answer with an error code', { code: 429, results: [] }, 'message', 'error-body', null],
    ['a REST answer of a new shape', { code: 0, results: { a: 1 } }, 'message', 'unknown-shape', null],
  ])('%s', (_what, json, kind, reason, matchId) => {
    const { updates, rejections } = decode(json);
    expect(updates).toEqual([]);
    expect(rejections).toEqual([{ kind, reason, matchId }]);
  });

  it.each<[string, Uint8Array | string, RejectionReason]>([
    ['broken JSON', '["a",2', 'not-json'],
    ['nothing at all', '', 'not-json'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'not-utf8'],
    ['more than 1 MiB', Buffer.alloc(MAX_PAYLOAD_BYTES + 1, 0x20), 'too-large'],
  ])('%s', (_what, bytes, reason) => {
    expect(decodeMessage(bytes, ORIGIN)).toMatchObject({ updates: [], rejections: [{ kind: 'message', reason }] });
  });
});

describe('good parts beside bad ones', () => {
  it('the items beside a bad item go on', () => {
    const { updates, rejections } = decode([
      null,
      'junk',
      { id: '', score: tuple('a') },
      { id: 'b', score: tuple('b') },
    ]);
    expect(updates).toEqual([scored('b')]);
    expect(rejections.map((rejection) => rejection.reason)).toEqual(['unknown-shape', 'unknown-shape', 'blank-id']);
  });

  it('a list that begins with text is still a list', () => {
    expect(decode(['junk', { id: 'b', score: tuple('b') }]).updates).toEqual([scored('b')]);
  });

  it('statistics beside a bad score go on without it', () => {
    const { updates, rejections } = decode({ id: 'a', score: ['a', 2, [], ZERO, 0], stats: [[2, 3, 1]] });
    expect(updates).toEqual([update('a', { statistics: [{ type: 2, home: 3, away: 1 }] })]);
    expect(rejections).toEqual([{ kind: 'score', reason: 'bad-slots', matchId: 'a' }]);
  });

  it('entries beside a bad entry go on', () => {
    const { updates, rejections } = decode(['a', [null, [25, 57, 43], [21, 'x', 3]]]);
    expect(updates).toEqual([update('a', { statistics: [{ type: 25, home: 57, away: 43 }] })]);
    expect(rejections).toHaveLength(2);
  });

  it('nothing of an item goes on when its two ids disagree', () => {
    const { updates, rejections } = decode({ id: 'a', score: tuple('b'), stats: [[2, 3, 1]] });
    expect(updates).toEqual([]);
    expect(rejections).toEqual([{ kind: 'item', reason: 'id-mismatch', matchId: null }]);
  });

  it('numeric keys beside an item are read too', () => {
    expect(decode({ '0': tuple('a'), id: 'b', score: tuple('b') }).updates).toEqual([scored('a'), scored('b')]);
  });
});

describe('bounds', () => {
  it.each([
    ['goals', 0, 99],
    ['half-time goals', 1, 99],
    ['red cards', 2, 15],
    ['yellow cards', 3, 30],
    ['corners', 4, 60],
    ['goals after extra time', 5, 99],
    ['shoot-out goals', 6, 99],
  ])('reads as many %s of a side as a match can show, and not one more', (_what, slot, most) => {
    for (const side of [2, 3]) {
      const withCount = (count: number) => tuple('a').with(side, ZERO.with(slot, count));
      expect(decode(withCount(most)).updates).toHaveLength(1);
      const { updates, rejections } = decode(withCount(most + 1));
      expect(updates).toEqual([]);
      expect(rejections).toEqual([{ kind: 'score', reason: 'absurd-count', matchId: 'a' }]);
    }
  });

  it('reads every item of one message, however many', () => {
    const list = Array.from({ length: 5_000 }, (_, i) => tuple(`m${i}`));
    for (const json of [list, Object.fromEntries(list.entries())]) {
      const { updates, rejections, lost } = decode(json);
      expect([updates.length, rejections, lost]).toEqual([5_000, [], 0]);
    }
  });

  it('reads 500 incidents of one match', () => {
    const incidents = Array.from({ length: 501 }, (_, time) => ({ type: 1, position: 1, time }));
    const { updates, rejections } = decode({ id: 'a', incidents });
    expect(updates[0]?.incidents).toHaveLength(500);
    expect(rejections).toEqual([{ kind: 'incidents', reason: 'too-many', matchId: 'a' }]);
  });

  it('stops listing complaints at 1,000, and counts the others', () => {
    const { rejections, unlisted, lost } = decode([...Array.from({ length: 1_500 }, () => ({})), 5, 5]);
    expect([rejections.length, Object.fromEntries(unlisted), lost]).toEqual([
      1_000,
      { 'no-id': 500, 'unknown-shape': 2 },
      1_502,
    ]);
  });

  it.each<[string, unknown, number]>([
    ['a tuple with a bad score', tuple('a').with(1, 99), 1],
    ['an item whose only part is a bad score', { id: 'a', score: tuple('a').with(1, 99) }, 1],
    ['an item whose every part is bad', { id: 'a', score: tuple('a').with(1, 99), stats: 5, incidents: [5, 6] }, 1],
    [
      'an item with one good part',
      { id: 'a', score: tuple('a').with(1, 99), stats: [{ type: 2, home: 1, away: 0 }] },
      0,
    ],
    ['an item that carries nothing', { id: 'a', stats: [] }, 0],
    ['a pair whose every entry is bad', ['a', [{ type: 2, home: 'x', away: 0 }]], 1],
    ['two lost items of three', [tuple('a').with(1, 99), tuple('b'), { id: 'c', score: 7 }], 2],
    ['a message that is no message', 5, 1],
  ])('counts what was lost entirely: %s', (_what, json, lost) => {
    expect(decode(json).lost).toBe(lost);
  });

  it('survives deep nesting', () => {
    const deep = `${'['.repeat(400_000)}${']'.repeat(400_000)}`;
    expect(decodeMessage(deep, ORIGIN).updates).toEqual([]);
    expect(decodeMessage(`{"id":"a","stats":${deep}}`, ORIGIN).updates).toEqual([]);
  });
});
