import { describe, expect, it } from '@jest/globals';
import type { JournaledWrite } from '../ports/revert-store.js';
import { changesToUndo } from './changes-to-undo.js';

/** `mqtt@10` is an own change at 10 s; versions rise from 1; a `/` before an entry starts the next epoch. */
function entriesOf(text: string): readonly JournaledWrite[] {
  let epoch = 0;
  return text
    .split(' ')
    .filter(Boolean)
    .map((word, n) => {
      if (word.startsWith('/')) epoch++;
      const [source = '', at] = word.replace('/', '').split('@');
      return { matchId: 'm', competitionId: null, epoch, version: n + 1, source, committedAtMs: Number(at) * 1000 };
    });
}

describe('the changes to undo', () => {
  it.each([
    ['all own ones', 'mqtt@1 api@2 mqtt@3', 0, 99, { epoch: 0, first: 1, last: 3 }],
    ['those since a time', 'mqtt@1 api@2 mqtt@3', 2, 99, { epoch: 0, first: 2, last: 3 }],
    ['none when ours went on after the range', 'mqtt@1 mqtt@2 mqtt@5', 0, 3, { reason: 'newer-write' }],
    ['none when somebody else wrote last', 'mqtt@1 mqtt@2 foreign@3', 0, 99, { reason: 'newer-write' }],
    [
      'only those after what somebody else wrote',
      'mqtt@1 foreign@2 mqtt@3 mqtt@4',
      0,
      99,
      { epoch: 0, first: 3, last: 4 },
    ],
    ['only those of the present row', 'mqtt@1 /mqtt@2 mqtt@3', 0, 99, { epoch: 1, first: 2, last: 3 }],
    ['none twice', 'mqtt@1 mqtt@2 revert@3', 0, 99, { reason: 'nothing-to-do' }],
    ['only those after an earlier revert', 'mqtt@1 revert@2 mqtt@3', 0, 99, { epoch: 0, first: 3, last: 3 }],
    ['none of others', 'foreign@1 foreign@2', 0, 99, { reason: 'nothing-to-do' }],
    ['none before the range', 'mqtt@1 mqtt@2', 3, 99, { reason: 'nothing-to-do' }],
    ['none without a journal', '', 0, 99, { reason: 'nothing-to-do' }],
  ])('are %s', (_what, journal, fromS, untilS, expected) => {
    const isMeant = ({ committedAtMs }: JournaledWrite) =>
      committedAtMs >= fromS * 1000 && committedAtMs <= untilS * 1000;
    expect(changesToUndo('m', entriesOf(journal), isMeant)).toEqual({ matchId: 'm', ...expected });
  });
});
