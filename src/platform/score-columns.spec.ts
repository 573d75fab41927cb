import { describe, expect, it } from '@jest/globals';
import { KEPT_ALONG, WATCHED } from '../../migrations/foreign-writer.sql.js';
import type { Slots } from '../domain/score.js';
import { platformSchemaSql } from '../testing/platform-schema.js';
import { COUNT_COLUMNS, countIn, SCORE_COLUMNS, slotsText } from './score-columns.js';

/** Name and type of each column of `ts_matches` in the reference schema. */
function schemaColumns(): ReadonlyMap<string, string> {
  const [, body = ''] = /CREATE TABLE IF NOT EXISTS ts_matches \((.*?)\n\);/s.exec(platformSchemaSql) ?? [];
  return new Map([...body.matchAll(/^ {2}(\w+) +(\w+)/gm)].map(([, name = '', type = '']) => [name, type]));
}

const named = (trigger: 'watched' | 'kept') =>
  SCORE_COLUMNS.flatMap((column) => (column.trigger === trigger ? [column.name] : [])).sort();

describe('the table of score columns', () => {
  it('names each column once', () => {
    const names = SCORE_COLUMNS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('is as the schema of the platform has them', () => {
    const schema = schemaColumns();
    const types = SCORE_COLUMNS.map(({ name }) => [name, schema.get(name)?.replace('varchar', 'text')]);
    expect(types).toEqual(SCORE_COLUMNS.map(({ name, type }) => [name, type]));
  });

  it('has every column that the trigger watches or keeps, and no other', () => {
    expect(named('watched')).toEqual([...WATCHED].sort());
    expect(named('kept')).toEqual([...KEPT_ALONG].sort());
  });

  it('says which column holds which of the seven slots', () => {
    const slots: Slots = [2, 1, 3, 4, 5, 6, 7];
    expect(Object.fromEntries(COUNT_COLUMNS.map((column) => [column.name, countIn(slots, column)]))).toEqual({
      score_display: 13,
      score_regular: 2,
      score_overtime: 6,
      score_penalties: 7,
      red_cards: 3,
      yellow_cards: 4,
      corners: 5,
    });
    expect(slotsText(slots)).toBe('[2, 1, 3, 4, 5, 6, 7]');
  });
});
