import { describe, expect, it } from '@jest/globals';
import { type EntityDefinition, type EntityField, pageTimeoutMs } from './entity-definition.js';
import { DUPLICATE, fields } from './entity-fields.js';
import { isRefused, readItem, type StoredField } from './entity-row.js';

const stored = (field: EntityField, over: Partial<StoredField> = {}): StoredField => ({
  ...field,
  maxLength: 255,
  bytes: 8,
  ...over,
});
const read = (given: unknown, field: Partial<StoredField> & Pick<EntityField, 'kind'>) => {
  const one = stored({ column: 'x', from: ['x'], ...field }, field);
  const row = readItem({ id: 'a', x: given }, [one]);
  return isRefused(row) ? row.reason : row.cleared.includes('x') ? 'cleared' : (row.values.x ?? 'silent');
};

describe('readItem', () => {
  it.each<[EntityField['kind'], unknown, unknown]>([
    ['text', 'name', 'name'],
    ['text', '', 'silent'],
    ['text', null, 'silent'],
    ['text', undefined, 'silent'],
    ['text', 7, 'x: a text was expected, received number'],
    ['text', 'a\0b', 'x: it has a NUL character'],
    ['text', 'é'.repeat(255), 'é'.repeat(255)],
    ['text', 'é'.repeat(256), 'x: at most 255 characters fit, received 256'],
    ['text', '🏆'.repeat(255), '🏆'.repeat(255)],
    ['text', '🏆'.repeat(256), 'x: at most 255 characters fit, received 256'],
    ['integer', 0, 0],
    ['integer', -3, -3],
    ['integer', 1.5, 'x: an integer was expected, received number'],
    ['integer', '7', 'x: an integer was expected, received text'],
    ['integer', Number.NaN, 'x: an integer was expected, received number'],
    ['integer', '', 'silent'],
    ['boolean', 0, false],
    ['boolean', 1, true],
    ['boolean', true, true],
    ['boolean', 2, 'x: 0 or 1 was expected, received number'],
    ['document', [], []],
    ['document', { a: [1] }, { a: [1] }],
    ['document', 'text', 'x: a list or an object without NUL was expected, received text'],
    ['document', ['a\0'], 'x: a list or an object without NUL was expected, received list'],
  ])('takes of a %s %j: %j', (kind, given, expected) => {
    expect(read(given, { kind })).toEqual(expected);
  });

  it.each([
    [2, 32_767, 32_768],
    [4, 2_147_483_647, 2_147_483_648],
  ])('knows the limits of an integer of %d bytes', (bytes, most, more) => {
    expect(read(most, { kind: 'integer', bytes })).toBe(most);
    expect(read(more, { kind: 'integer', bytes })).toMatch(/an integer of/);
    expect(read(-most - 1, { kind: 'integer', bytes })).toBe(-most - 1);
  });

  it.each(['', '0', 0])('clears what says that there is none: %j', (none) => {
    expect(read(none, { kind: 'text', clears: true })).toBe('cleared');
    expect(read(null, { kind: 'text', clears: true })).toBe('silent');
  });

  it.each([undefined, null, '', ' ', 7, 'x'.repeat(256), 'a\0'])('refuses an entry with the id %j', (id) => {
    expect(readItem({ id }, [])).toEqual({
      externalId: null,
      reason: 'id: a text of 1 to 255 characters was expected',
    });
  });

  it.each(['l7oqdehg6ko3r51', '318q66hxnyk0qo9', '31866', '318e66', '__proto__'])('takes the id %s as it is', (id) => {
    expect(readItem({ id }, [])).toMatchObject({ externalId: id });
  });

  it.each([
    ['of another list', '__proto__'],
    ['of the language', 'constructor'],
  ])('ignores a name %s that the entry only inherits', (_what, from) => {
    expect(readItem({ id: 'a' }, [stored({ column: 'x', kind: 'text', from: [from] })])).toMatchObject({ values: {} });
  });

  it('takes the time of a change where it is one', () => {
    const timeOf = (updated_at: unknown) =>
      (readItem({ id: 'a', updated_at }, []) as { updatedAtS: unknown }).updatedAtS;
    expect([1_700_000_000, '1700000000', 0, -1, 1.5, 1e13, null].map(timeOf)).toEqual([
      1_700_000_000,
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it('reads a duplicate from its master record', () => {
    const both = DUPLICATE.map((field) => stored(field));
    const of = (uid: unknown) => readItem({ id: 'a', uid }, both);
    expect(of('master')).toMatchObject({ values: { uid: 'master', is_duplicate: true }, cleared: [] });
    expect(of('')).toMatchObject({ values: { is_duplicate: false }, cleared: ['uid'] });
    expect(of(undefined)).toMatchObject({ values: {}, cleared: [] });
  });

  it('gives a new row a name where the entry has none: another of its texts, else a fixed one', () => {
    const name: EntityField = {
      column: 'name',
      kind: 'text',
      from: ['name'],
      fallback: { from: ['short'], text: 'Unknown' },
    };
    const of = (entry: object) => readItem({ id: 'a', ...entry }, [stored(name)]);
    expect(of({ name: 'A', short: 'S' })).toMatchObject({ values: { name: 'A' }, fallbacks: {} });
    expect(of({ name: '', short: 'S' })).toMatchObject({ values: {}, fallbacks: { name: 'S' } });
    expect(of({ short: '' })).toMatchObject({ fallbacks: { name: 'Unknown' } });
  });

  it('takes the first of several names that says something, and refuses by the first that is wrong', () => {
    const logo = stored({ column: 'logo_url', kind: 'text', from: ['logo', 'logo_url'] });
    expect(readItem({ id: 'a', logo: '', logo_url: 'b.png' }, [logo])).toMatchObject({ values: { logo_url: 'b.png' } });
    expect(readItem({ id: 'a', logo: 3, logo_url: 'b.png' }, [logo])).toMatchObject({ externalId: 'a' });
  });

  it('reads whether there is something from a text only', () => {
    const presence = DUPLICATE.slice(1).map((field) => stored(field));
    expect(readItem({ id: 'a', uid: 7 }, presence)).toEqual({
      externalId: 'a',
      reason: 'is_duplicate: a text was expected, received number',
    });
  });
});

describe('pageTimeoutMs', () => {
  it('is half a minute where an entity says nothing else', () => {
    const entity = { name: 'x' } as EntityDefinition;
    expect([pageTimeoutMs(entity), pageTimeoutMs({ ...entity, timeoutMs: 60_000 })]).toEqual([30_000, 60_000]);
  });
});

describe('fields', () => {
  it('are named alike with the provider and in the table', () => {
    expect(fields('integer', 'age height')).toEqual([
      { column: 'age', kind: 'integer', from: ['age'] },
      { column: 'height', kind: 'integer', from: ['height'] },
    ]);
  });
});
