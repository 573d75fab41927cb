import { describe, expect, it } from '@jest/globals';
import { toUpdate } from '../../test/support/history.js';
import { FakeClock } from '../testing/index.js';
import { InsistedClaims } from './insisted-claims.js';

const update = toUpdate({ atS: 0, status: 4 });
const { matchId } = update;

describe('InsistedClaims', () => {
  it('is a dispute when the same content is refused three times over a minute', () => {
    const disputes = new InsistedClaims(new FakeClock());
    for (const atMs of [0, 30_000, 59_000]) disputes.refused(update, atMs);
    expect(disputes.has(matchId)).toBe(false);
    disputes.refused(update, 60_000);
    expect([disputes.has(matchId), disputes.count]).toEqual([true, 1]);
  });

  it('is none for changing content, for two times only, and for pulled answers', () => {
    const disputes = new InsistedClaims(new FakeClock());
    for (const atMs of [0, 90_000]) disputes.refused(update, atMs);
    disputes.refused(toUpdate({ atS: 0, status: 3 }), 95_000);
    for (const atMs of [100_000, 150_000]) disputes.refused(update, atMs);
    for (const atMs of [0, 30_000, 90_000])
      disputes.refused({ ...toUpdate({ atS: 1, pulledAfterS: 1, status: 4 }) }, atMs);
    expect(disputes.count).toBe(0);
  });

  it('ends when feed and row agree', () => {
    const disputes = new InsistedClaims(new FakeClock());
    disputes.agreed(matchId);
    for (const atMs of [0, 30_000, 60_000]) disputes.refused(update, atMs);
    disputes.agreed(matchId);
    expect(disputes.has(matchId)).toBe(false);
  });
});
