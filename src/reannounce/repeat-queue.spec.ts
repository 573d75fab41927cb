import { describe, expect, it } from '@jest/globals';
import type { ScoreCommitted } from '../contracts/committed-changes.js';
import { RepeatQueue } from './repeat-queue.js';

/** As far as it is looked at. */
const change = (matchId: string, version: number, type = 'score-changed') =>
  ({ kind: 'score', matchId, epoch: 0, version, events: [{ type }] }) as unknown as ScoreCommitted;

const names = (changes: readonly ScoreCommitted[]) => changes.map(({ matchId, version }) => `${matchId}${version}`);

describe('what is owed to clients', () => {
  it('is the journal, followed by what was committed later about the same matches', () => {
    const owed = new RepeatQueue();
    owed.add([change('a', 3), change('b', 1), change('a', 4, 'minute-changed'), change('a', 5)]);
    expect(names(owed.settle([change('a', 1), change('a', 2), change('a', 3)]))).toEqual(['a1', 'a2', 'a3', 'a5']);
    expect(names(owed.add([change('a', 6), change('b', 2), change('a', 7, 'red-card')]))).toEqual(['a6']);
  });

  it('is nothing when too much was committed meanwhile to say what is later', () => {
    const owed = new RepeatQueue();
    for (let version = 1; version <= 2_001; version++) owed.add([change('a', version)]);
    owed.add([change('b', 5)]);
    expect(owed.settle([change('a', 1), change('b', 4)])).toEqual([]);
    expect(owed.add([change('b', 6)])).toEqual([]);
  });
});
