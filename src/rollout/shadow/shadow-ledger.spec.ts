import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ShadowFindings } from '../ports/shadow-store.js';
import { ShadowLedger } from './shadow-ledger.js';

describe('ShadowLedger', () => {
  let ledger: ShadowLedger;
  beforeEach(() => {
    ledger = new ShadowLedger();
  });

  const goal = (home: number, legacyAtMs: number | null = null) => ({
    matchId: 'm',
    home,
    away: 0,
    directAtMs: 1_000,
    legacyAtMs,
  });

  it('gives each finding once', () => {
    ledger.count('m', 'consistent');
    ledger.count('m', 'errors');
    ledger.goal(goal(1));
    expect(ledger.take()).toEqual({
      tallies: [{ matchId: 'm', consistent: 1, inconsistent: 0, errors: 1, samples: [] }],
      goals: [goal(1)],
      cancelled: [],
    });
    expect(ledger.take()).toBeNull();
  });

  it('lets a goal that was taken back and scored again wait for the next statement', () => {
    ledger.goal(goal(1));
    ledger.cancel({ matchId: 'm', home: 1, away: 0 });
    ledger.goal(goal(1));
    expect(ledger.take()).toEqual({ tallies: [], goals: [], cancelled: [{ matchId: 'm', home: 1, away: 0 }] });
    expect(ledger.take()?.goals).toEqual([goal(1)]);
  });

  it('takes back what could not be written, under what is newer', () => {
    ledger.count('m', 'consistent');
    ledger.goal(goal(1));
    ledger.goal(goal(2));
    const findings = ledger.take() as ShadowFindings;
    ledger.count('m', 'consistent');
    ledger.count('other', 'inconsistent');
    ledger.goal(goal(1, 5_000));
    ledger.cancel({ matchId: 'm', home: 2, away: 0 });
    ledger.putBack(findings);
    const again = ledger.take();
    expect(again?.tallies.map(({ matchId, consistent }) => [matchId, consistent])).toEqual([
      ['m', 2],
      ['other', 0],
    ]);
    expect(again?.goals).toEqual([goal(1, 5_000)]);
    expect(again?.cancelled).toHaveLength(1);
  });

  it('keeps the newest 10,000 matches', () => {
    for (let n = 0; n <= 10_000; n++) ledger.count(`m${n}`, 'consistent');
    const { tallies } = ledger.take() as ShadowFindings;
    expect([tallies.length, tallies[0]?.matchId]).toEqual([10_000, 'm1']);
  });
});
