import { describe, expect, it } from '@jest/globals';
import { figuresOf } from './plan-figures.js';

const node = (type: string, ms: number, more: object = {}) => ({
  'Node Type': type,
  'Actual Total Time': ms,
  'Actual Loops': 1,
  ...more,
});

describe('figuresOf', () => {
  it('gives each part without those below it', () => {
    const lock = node('LockRows', 0.5, { 'Actual Loops': 4 });
    const update = node('ModifyTable', 5, { 'Relation Name': 'ts_matches', Plans: [lock] });
    const written = { ...update, 'Parent Relationship': 'InitPlan' };
    const scan = node('CTE Scan', 5);
    const journal = {
      'Relation Name': 'livescore_journal',
      Plans: [written, scan],
      'WAL Bytes': 900,
      'WAL Records': 7,
    };
    const plan = {
      Plan: node('ModifyTable', 8, journal),
      'Execution Time': 9,
      'Planning Time': 1,
      Triggers: [{ Time: 0.25 }, { Time: 0.5 }],
    };
    expect(figuresOf(plan)).toEqual({
      totalMs: 9,
      lockMs: 2,
      updateMs: 3,
      journalMs: 3,
      triggersMs: 0.75,
      bufferHits: 0,
      walRecords: 7,
      walBytes: 900,
    });
  });
});
