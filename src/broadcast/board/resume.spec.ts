import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toldGoal } from '../../../test/support/told.js';
import { type Position, positionText } from '../ports/position.js';
import type { VersionTold } from '../ports/told.js';
import { BoardEntry } from './board-entry.js';
import { owedTo } from './resume.js';

function version(n: number, fields: Partial<VersionTold> = {}): VersionTold {
  const { version: told } = toldGoal({ version: n });
  if (!told) throw new Error('A goal has a version');
  return { ...told, ...fields };
}

const at = (n: number, epoch = 1): Position => ({ epoch, version: n });

/** An entry that was told the versions from `first` to `last`, as far as its ring holds them. */
function entryOf(first: number, last: number, ring = 100): BoardEntry {
  const row = version(first);
  const entry = new BoardEntry('m1', row.position, row.state, row.clock, 0);
  for (let n = first + 1; n <= last; n++) entry.take(version(n), ring, n);
  return entry;
}

const versionsOf = (owed: ReturnType<typeof owedTo>) =>
  owed.kind === 'versions' ? owed.versions.map(({ position }) => position.version) : owed;
const journal = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, n) => version(first + n));

describe('what a client that comes back is owed', () => {
  const state = (recovered: boolean) => ({ kind: 'state', recovered });

  it.each<[string, Position | null, boolean, object]>([
    ['has nothing', null, false, state(true)],
    ['has nothing and asks for all changes', null, true, state(true)],
    ['has the newest', at(9), false, { kind: 'nothing' }],
    ['has the newest and asks for all changes', at(9), true, { kind: 'nothing' }],
    ['is behind', at(8), false, state(true)],
    ['is far behind', at(0), false, state(true)],
    ['is ahead', at(10), false, state(false)],
    ['has an older incarnation', at(9, 0), false, state(false)],
    ['has a newer incarnation', at(1, 2), false, state(false)],
    ['asks for changes that nobody has', at(2), true, state(false)],
  ])('%s', (_name, since, replay, owed) => {
    expect(owedTo(entryOf(5, 9), since, replay)).toEqual(owed);
  });

  it('is every version after its position, from memory or from the journal, whatever the ring holds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 25 }),
        fc.integer({ min: 1, max: 25 }),
        (newest, behind, ring, journaledUpTo) => {
          const since = Math.max(0, newest - behind);
          const entry = entryOf(0, newest, ring);
          const owed = owedTo(entry, at(since), true, journal(since + 1, Math.max(since, journaledUpTo)));
          const inMemory = newest - since <= ring;
          // what was told since the journal was read is in memory, when the ring holds so much
          const inJournal = journaledUpTo > since && newest - journaledUpTo <= ring;
          if (since === newest) expect(owed).toEqual({ kind: 'nothing' });
          else if (inMemory || inJournal)
            expect(versionsOf(owed)).toEqual(Array.from({ length: newest - since }, (_, n) => since + 1 + n));
          else expect(owed).toEqual(state(false));
        },
      ),
      { seed: 15 },
    );
  });

  it('is no replay that leaves a version out', () => {
    const holed = [version(3), version(5)];
    expect(owedTo(entryOf(4, 9, 4), at(2), true, holed)).toEqual(state(false));
    expect(owedTo(entryOf(4, 9, 4), at(2), true, [])).toEqual(state(false));
    expect(owedTo(entryOf(4, 9, 4), at(2), true, null)).toEqual(state(false));
  });

  it('is the newest state when the row was restated at the position that it has', () => {
    const entry = entryOf(5, 9);
    const restated = version(9, { previous: at(9), state: { ...version(9).state, homeScore: 7 } });
    entry.take(restated, 100, 10);
    expect(owedTo(entry, at(9), false)).toEqual(state(true));
    expect(owedTo(entry, at(9), true)).toEqual(state(true));
    expect(versionsOf(owedTo(entry, at(8), true))).toEqual([9, 9]);
    entry.take(version(10), 100, 11);
    expect(owedTo(entry, at(10), false)).toEqual({ kind: 'nothing' });
  });

  it('is the newest state when a row that was only read is restated', () => {
    const entry = entryOf(5, 5);
    entry.take(version(5, { previous: at(5) }), 100, 10);
    expect(owedTo(entry, at(5), false)).toEqual(state(true));
  });
});

describe('an entry', () => {
  it('has no versions from before a leap', () => {
    const entry = entryOf(5, 7);
    entry.forgetVersions();
    entry.take(version(10), 100, 10);
    const after = (n: number) => entry.versionsAfter(at(n))?.map(({ position }) => positionText(position)) ?? null;
    expect([5, 7, 9, 10].map(after)).toEqual([null, null, ['1.10'], []]);
  });

  it('keeps none where none are to be kept', () => {
    const entry = entryOf(5, 9, 0);
    expect([entry.versionsAfter(at(8)), entry.versionsAfter(at(9)), entry.newest?.position]).toEqual([null, [], at(9)]);
  });
});
