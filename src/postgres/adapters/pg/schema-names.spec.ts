import { describe, expect, it } from '@jest/globals';
import { ACQUIRE } from '../../../lease/adapters/pg/lease-statements.js';
import { APPEND } from '../../../rollout/adapters/pg/rollout-statements.js';
import { bind } from '../../../score-writer/adapters/pg/score-statement.js';
import { SchemaNames } from './schema-names.js';

const named = (text: string, schema?: string) => new SchemaNames(schema).in({ name: 'one', text }).text;

describe('the names of tables', () => {
  it('are as written where no schema is set', () => {
    expect(named('SELECT FROM ts_matches')).toBe('SELECT FROM ts_matches');
  });

  it.each([
    ['FROM ts_matches m', 'FROM "platform".ts_matches m'],
    ["nextval('livescore_rollout')", `pg_catalog.nextval('"platform".livescore_rollout')`],
    ['ORDER BY livescore_rollout.id', 'ORDER BY "platform".livescore_rollout.id'],
    ['livescore_shadow_goal, livescore_shadow', '"platform".livescore_shadow_goal, "platform".livescore_shadow'],
  ])('carry the schema: %s', (text, expected) => expect(named(text, 'platform')).toBe(expected));

  it.each([
    'other.ts_matches',
    'ts_matches_old',
    'my_ts_matches',
    "'livescore.writer'",
    '"ts_matches"',
    'm.livescore_pin',
  ])('are not found in %s', (text) => expect(named(text, 'platform')).toBe(text));

  it('refuse two statements of one name: the first one would be sent for both', () => {
    const names = new SchemaNames(undefined);
    names.in({ name: 'one', text: 'SELECT 1' });
    expect(names.in({ name: 'one', text: 'SELECT 1' }).text).toBe('SELECT 1');
    expect(() => names.in({ name: 'one', text: 'SELECT 2' })).toThrow(/another one is called one/);
  });

  it('quote a schema that needs it', () => {
    expect(named('FROM ts_matches', 'a"b')).toBe('FROM "a""b".ts_matches');
  });

  it('make another prepared statement, of a name that PostgreSQL does not cut off', () => {
    const many = bind([], null, null).statement;
    for (const statement of [ACQUIRE, APPEND, many]) {
      const { name, text } = new SchemaNames('platform').in(statement);
      expect(name).not.toBe(statement.name);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
      expect(text).not.toMatch(/(?<!\.)\b(ts_matches|livescore_(lease|journal|rollout))\b/);
    }
  });
});
