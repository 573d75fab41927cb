import { describe, expect, it } from '@jest/globals';
import type { IncidentsCommitted, ScoreCommitted } from '../contracts/committed-changes.js';
import { RepeatQueue } from './repeat-queue.js';
import type { ToldAgain } from './told-again.js';

/** As far as it is looked at. */
const change = (matchId: string, version: number, type = 'score-changed') =>
  ({ kind: 'score', matchId, epoch: 0, version, events: [{ type }] }) as unknown as ScoreCommitted;

const card = (matchId: string, ...minutes: readonly number[]): IncidentsCommitted => {
  const fresh = minutes.map((time) => ({ type: 3, position: 1, time }));
  return { kind: 'incidents', matchId, fresh, corrected: [], receivedAtMs: 0, committedAtMs: 0 };
};

const names = (changes: readonly ToldAgain[]) =>
  changes.map((one) =>
    one.kind === 'score' ? `${one.matchId}${one.version}` : `${one.matchId} card ${one.fresh.map(({ time }) => time)}`,
  );

describe('what is owed to clients', () => {
  it('is the journal, followed by what was committed later about the same matches', () => {
    const owed = new RepeatQueue();
    owed.add([change('a', 3), change('b', 1), change('a', 4, 'minute-changed'), change('a', 5)]);
    expect(names(owed.settle([change('a', 1), change('a', 2), change('a', 3)]))).toEqual(['a1', 'a2', 'a3', 'a5']);
    expect(names(owed.add([change('a', 6), change('b', 2), change('a', 7, 'red-card')]))).toEqual(['a6']);
  });

  it('is each announced incident, told by its key, and what this process announced later about the same matches', () => {
    const owed = new RepeatQueue();
    owed.add([card('a', 40, 41), card('b', 7)]);
    expect(names(owed.settle([card('a', 12), card('a', 40), card('c', 1)]))).toEqual([
      'a card 12',
      'c card 1',
      'a card 40,41',
    ]);
    expect(names(owed.add([card('c', 2), card('b', 8)]))).toEqual(['c card 2']);
  });

  it('is nothing when too much was committed meanwhile to say what is later', () => {
    const owed = new RepeatQueue();
    for (let version = 1; version <= 2_001; version++) owed.add([change('a', version)]);
    owed.add([change('b', 5)]);
    expect(owed.settle([change('a', 1), change('b', 4)])).toEqual([]);
    expect(owed.add([change('b', 6)])).toEqual([]);
  });
});
