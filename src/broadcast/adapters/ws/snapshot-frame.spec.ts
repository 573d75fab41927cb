import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toldGoal } from '../../../../test/support/told.js';
import { BoardEntry } from '../../board/board-entry.js';
import { SnapshotEncoder, snapshotFrame } from './snapshot-frame.js';

const NOW_MS = 1_768_666_800_000;
const goal = (matchId: string, version: number) => {
  const { version: told } = toldGoal({ matchId, version });
  if (!told) throw new Error('A goal has a version');
  return told;
};

function entryOf(matchId: string): BoardEntry {
  const { position, state, clock } = goal(matchId, 1);
  return new BoardEntry(matchId, position, state, clock, 0);
}

describe('answers that are encoded once', () => {
  const ask = fc.record({
    chosen: fc.subarray([0, 1, 2, 3]),
    goalIn: fc.option(fc.nat({ max: 3 })),
    id: fc.constantFrom(undefined, 'a1', 'Ö'),
    recovered: fc.boolean(),
    unknown: fc.constantFrom<readonly string[]>([], ['mü']),
  });

  it('are the same as if each was encoded anew, whatever changes between them', () => {
    fc.assert(
      fc.property(fc.array(ask, { maxLength: 30 }), (asks) => {
        const encoder = new SnapshotEncoder();
        const entries = ['m0', 'm1', 'm2', 'm3'].map(entryOf);
        asks.forEach(({ chosen, goalIn, ...rest }, n) => {
          if (goalIn !== null) entries[goalIn]?.take(goal(`m${goalIn}`, n + 2), 4, n);
          const snapshot = { ...rest, entries: chosen.map((one) => entries[one] as BoardEntry) };
          expect(encoder.frame(snapshot, NOW_MS + n).equals(snapshotFrame(snapshot, NOW_MS + n))).toBe(true);
        });
      }),
    );
  });
});
