import { describe, expect, it } from '@jest/globals';
import { slots } from '../../test/support/history.js';
import type { ScoreUpdate } from '../domain/decide.js';
import { MatchStatus } from '../domain/match-status.js';
import { APPLIED, DUPLICATE } from '../domain/outcomes.js';
import { DecisionRing } from './decision-ring.js';

function updateOf(home: number, more: Partial<ScoreUpdate> = {}): ScoreUpdate {
  return {
    matchId: 'm',
    source: 'mqtt',
    delivery: 'push',
    receivedAtMs: 1_700_000_000_000 + home,
    requestedAtMs: null,
    providerTimeS: null,
    score: { status: MatchStatus.SecondHalf, home: slots(home), away: slots(1), periodKickoffS: null },
    ...more,
  };
}

function ringOf(count: number, most = 50): DecisionRing {
  const ring = new DecisionRing(most);
  for (let n = 1; n <= count; n++) ring.add({ atMs: n, update: updateOf(n), outcome: DUPLICATE, version: n });
  return ring;
}

describe('the ring of the decisions about a match', () => {
  it('gives back what was decided', () => {
    const ring = new DecisionRing(50);
    const pull = updateOf(3, { source: 'api', delivery: 'pull', requestedAtMs: 5, providerTimeS: 6 });
    const first = { atMs: 7, update: updateOf(2), outcome: APPLIED, version: null, became: undefined };
    const second = { atMs: 8, update: pull, outcome: DUPLICATE, version: 9, became: undefined };
    for (const decision of [first, second]) ring.add(decision);
    expect(ring.list('m')).toEqual([first, second]);
  });

  it('gives back what an update carried, and corners that nobody counted', () => {
    const ring = new DecisionRing(50);
    const carried = { kickoffs: {}, reached: MatchStatus.HalfTime, peak: { home: slots(4), away: slots(0) } };
    const score = { status: MatchStatus.FirstHalf, home: [0, 0, 0, 0, -1, 0, 0], away: slots(0), periodKickoffS: 1 };
    const update = updateOf(1, {
      carried: { ...carried, providerTimeS: null },
      score,
    } as unknown as Partial<ScoreUpdate>);
    ring.add({ atMs: 1, update, outcome: APPLIED, version: 1 });
    expect(ring.list('m')[0]?.update).toEqual(update);
  });

  it.each([0, 1, 4, 5, 49, 50, 51, 99, 100, 101, 1_000])('holds the newest fifty of %i, oldest first', (count) => {
    const kept = Array.from({ length: Math.min(count, 50) }, (_, n) => Math.max(0, count - 50) + n + 1);
    expect(
      ringOf(count)
        .list('m')
        .map(({ atMs }) => atMs),
    ).toEqual(kept);
  });

  it('tells the commit of a change by its newest update, with those folded under it, across its own end', () => {
    const ring = ringOf(2, 5);
    const folded = [updateOf(11), updateOf(12), updateOf(13), updateOf(14)];
    for (const update of folded) ring.add({ atMs: 1, update, outcome: APPLIED, version: 7 });
    ring.committed(folded[2]!.score, 8);
    ring.committed(folded[3]!.score, 9);
    expect(ring.list('m').map(({ became }) => became)).toEqual([undefined, 8, 8, 8, 9]);
  });

  it('holds nothing of the match before once it was emptied', () => {
    const ring = ringOf(60);
    ring.empty();
    expect(ring.list('m')).toEqual([]);
    ring.add({ atMs: 1, update: updateOf(1), outcome: APPLIED, version: 1 });
    expect(ring.list('m').map(({ atMs }) => atMs)).toEqual([1]);
  });

  it('knows nothing of a commit whose decision it let go', () => {
    const ring = ringOf(3, 3);
    ring.committed(updateOf(1).score, 4);
    expect(ring.list('m').map(({ became }) => became)).toEqual([undefined, undefined, undefined]);
  });
});
