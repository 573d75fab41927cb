import { describe, expect, it } from '@jest/globals';
import { framePart } from './frame-part.js';

const tuple = (id: string) => [id, 2, [1, 0, 0, 0, 2, 0, 0], [0, 0, 0, 0, 1, 0, 0], 1_768_662_000];
const score = (id: string) => ({ id, score: tuple(id) });
const stats = (id: string) => ({ id, stats: [{ type: 2, home: 3, away: 1 }] });
const combined = (id: string) => ({ ...score(id), ...stats(id), incidents: [{ type: 1 }], tlive: [{ data: 'x' }] });

/** Those that begin with `old` are on the legacy path; what names no match is its, too. */
const isOld = (names: readonly string[]) => names.every((name) => name.startsWith('old'));
const partOf = (json: unknown, keeps = isOld) =>
  framePart(Buffer.from(JSON.stringify(json)), keeps)?.toString() ?? null;

describe('the part of a frame', () => {
  it.each<[string, unknown]>([
    ['A, a bare tuple', tuple('old1')],
    ['B, one object', score('old1')],
    ['B, nested', { id: 'old1', score: [tuple('old1')] }],
    ['B, the id in the tuple alone', { score: tuple('old1') }],
    ['C, a list', [score('old1'), stats('old2')]],
    ['C, bare tuples', [tuple('old1'), tuple('old2')]],
    ['D, numeric keys', { '0': score('old1'), '1': stats('old2') }],
    ['E, everything at once', combined('old1')],
    ['a pair', ['old1', [[2, 3, 1]]]],
    ['the wrapper of a REST answer', { code: 0, results: [score('old1')] }],
    ['nothing', []],
    ['a number', 7],
    ['an object without an id', { stats: [] }],
  ])('that is wanted whole is the bytes that came: %s', (_, json) => {
    const payload = Buffer.from(` ${JSON.stringify(json, null, 1)}\n`);
    expect(framePart(payload, isOld)).toBe(payload);
  });

  it.each<[string, unknown, unknown]>([
    ['A', tuple('new1'), null],
    ['B', score('new1'), null],
    ['B, nested', { id: 'new1', score: [tuple('new1')] }, null],
    ['C', [score('old1'), stats('new1'), tuple('old2')], [score('old1'), tuple('old2')]],
    ['C, none of it', [score('new1'), stats('new2')], null],
    ['D, counted anew', { '0': score('new1'), '1': stats('old1') }, { '0': stats('old1') }],
    ['D, none of it', { '0': score('new1') }, null],
    ['D, an item of its own beside', { '0': score('old1'), ...combined('new1') }, { '0': score('old1') }],
    ['E', combined('new1'), null],
    ['the wrapper', { code: 0, results: [score('old1'), score('new1')] }, { code: 0, results: [score('old1')] }],
    ['two names for one item', [{ id: 'old1', score: tuple('new1') }, score('old2')], [score('old2')]],
    [
      'malformed items keep their match',
      [
        { id: 'old1', score: 7 },
        { id: 'new1', score: 7 },
      ],
      [{ id: 'old1', score: 7 }],
    ],
    ['what names no match stays', [{ stats: [] }, 5, score('new1')], [{ stats: [] }, 5]],
  ])('is the same envelope without the others: %s', (_, json, part) => {
    expect(partOf(json)).toBe(part === null ? null : JSON.stringify(part));
  });

  it('follows the owner of what names no match', () => {
    expect(partOf([5, score('old1')], (names) => names.length > 0)).toBe(JSON.stringify([score('old1')]));
    expect(framePart(Buffer.from('no json'), (names) => names.length > 0)).toBeNull();
    expect(framePart(Buffer.from('no json'), isOld)?.toString()).toBe('no json');
  });

  it('of a frame too long to be taken apart is none', () => {
    expect(framePart(Buffer.alloc(1024 * 1024 + 1, ' '), isOld)).toBeNull();
  });
});
