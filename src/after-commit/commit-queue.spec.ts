import { describe, expect, it } from '@jest/globals';
import { minuteCommitted, scoreCommitted, slots } from '../../test/support/committed-changes.js';
import { CommitQueue } from './commit-queue.js';

const minute = (matchId: string) => minuteCommitted({ matchId });
const goal = (matchId: string) =>
  scoreCommitted({ matchId, home: slots(2) }, [{ type: 'score-changed', homeScore: 2, awayScore: 1 }]);

describe('CommitQueue', () => {
  it('keeps commit order and is empty after it was taken', () => {
    const queue = new CommitQueue(() => undefined);
    queue.push([goal('a'), minute('b')]);
    queue.push([goal('c')]);
    expect(queue.takeAll().map(({ matchId }) => matchId)).toEqual(['a', 'b', 'c']);
    expect([queue.size, queue.takeAll()]).toEqual([0, []]);
  });

  it('above its limit drops and counts changes that only move the minute, never others', () => {
    let dropped = 0;
    const queue = new CommitQueue((count) => {
      dropped += count;
    }, 2);
    queue.push([minute('a'), minute('b'), minute('c'), goal('d'), minute('e')]);
    expect(dropped).toBe(2);
    expect(queue.takeAll().map(({ matchId }) => matchId)).toEqual(['a', 'b', 'd']);
  });
});
