import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProviderError } from '../../provider.errors.js';
import { decodeList } from './list-answer.js';

const decode = (json: string) => decodeList(JSON.parse(json), '/e');

describe('the list in an answer', () => {
  it.each([
    ['an array', '{"results":[{"id":"a"},{"id":"b"}]}', [{ id: 'a' }, { id: 'b' }]],
    [
      'an object keyed by id',
      '{"results":{"a":{"name":"A"},"b":{"id":"c"},"d":{"id":""}}}',
      [{ name: 'A', id: 'a' }, { id: 'c' }, { id: 'd' }],
    ],
    ['an empty array', '{"results":[]}', []],
    ['an empty object', '{"results":{}}', []],
    ['"result" in its place', '{"result":[{"id":"a"}]}', [{ id: 'a' }]],
    ['"result" beside a null', '{"results":null,"result":[{"id":"a"}]}', [{ id: 'a' }]],
    ['an empty "results" beside "result"', '{"results":[],"result":[{"id":"a"}]}', []],
    ['nothing', '{"code":0,"total":5}', null],
    ['null', '{"results":null}', null],
  ])('is read from %s', (_, json, items) => {
    expect(decode(json)).toEqual({ items, groups: new Map(), extra: new Map(), refused: 0 });
  });

  it.each(['"none"', '5', 'true', 'false', '0', '""'])('is malformed when it is %s', (results) => {
    expect(() => decode(`{"results":${results}}`)).toThrow(ProviderError);
  });

  it.each(['["a",null,5]', '[[[]]]', '{"a":5}'])('is malformed when nothing of it can be understood: %s', (results) => {
    expect(() => decode(`{"results":${results}}`)).toThrow(expect.objectContaining({ failure: 'malformed' }));
  });

  it('keeps the lists of an object of lists apart', () => {
    const { items, groups, refused } = decode('{"results":{"1":[{"match_id":"m"}],"11":[],"match":["x",5]}}');
    expect([items, refused]).toEqual([[], 0]);
    expect([...groups]).toEqual([
      ['1', [{ match_id: 'm' }]],
      ['11', []],
      ['match', ['x', 5]],
    ]);
  });

  it('counts entries that are none, and takes the others', () => {
    expect(decode('{"results":[{"id":"a"},null,5,"x",[{"id":"b"}]]}')).toMatchObject({
      items: [{ id: 'a' }],
      refused: 4,
    });
    expect(decode('{"results":{"a":{},"b":null,"c":5}}')).toMatchObject({ items: [{ id: 'a' }], refused: 2 });
  });

  it('takes what belongs to the entries from an array or an object, and nothing from anything else', () => {
    const { extra, refused } = decode(
      '{"results":[],"results_extra":{"team":[{"id":"a"},7],"competition":{"b":{"name":"B"}},"season":"x","stage":null}}',
    );
    expect([...extra]).toEqual([
      ['team', [{ id: 'a' }]],
      ['competition', [{ name: 'B', id: 'b' }]],
    ]);
    expect(refused).toBe(1);
    for (const odd of ['5', '[]', '"x"', 'null']) expect(decode(`{"results_extra":${odd}}`).extra.size).toBe(0);
  });

  it('is not led astray by the names of an object', () => {
    const { items, groups, extra } = decode(
      '{"results":{"__proto__":{"polluted":1},"constructor":{"id":"c"},"toString":[1]},"results_extra":{"__proto__":[{"id":"a"}]}}',
    );
    expect(items?.map(({ id }) => id)).toEqual(['__proto__', 'c']);
    expect([[...groups.keys()], [...extra.keys()]]).toEqual([['toString'], ['__proto__']]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(items?.[0])).toBe(Object.prototype);
  });

  it('accounts for every entry of whatever JSON there is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (results) => {
        if (typeof results !== 'object' || results === null) return;
        const body = JSON.parse(
          JSON.stringify({ results: Array.isArray(results) ? [...results, {}] : { ...results, more: {} } }),
        );
        const { items, groups, refused } = decodeList(body, '/e');
        const entries = Object.keys(body.results).length;
        expect((items?.length ?? 0) + groups.size + refused).toBe(entries);
      }),
    );
  });
});
