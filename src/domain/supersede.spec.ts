import { describe, expect, it } from '@jest/globals';
import { History, type Report, slots, KICKOFF_S as T, toUpdate } from '../../test/support/history.js';
import { emptyMatch } from './empty-match.js';
import type { MatchState } from './match-state.js';
import type { ScoreUpdate } from './match-update.js';
import { carryingState, supersede } from './supersede.js';

const SECOND = T + 3_720;

const folded = (...reports: Report[]): ScoreUpdate => reports.map(toUpdate).reduce(supersede);
/** Tells only the newest of the reports, with what the others knew. */
const told = (...reports: Report[]) => {
  const match = new History();
  const { carried } = folded(...reports);
  match.tell({ ...(reports.at(-1) as Report), carried });
  return match.state;
};

describe('an update that takes the place of others', () => {
  const first = { atS: T, status: 2 as const, kickoffS: T, home: slots(1, { corners: 3 }) };
  const half = { atS: T + 2_800, status: 3 as const, kickoffS: T, home: slots(1, { ht: 1, corners: 3 }) };
  const second = { atS: SECOND, status: 4 as const, kickoffS: SECOND, home: slots(0, { corners: 2 }) };

  it('carries on kick-offs, the furthest period, the highest counts and provider time', () => {
    expect(folded({ ...first, providerTimeS: 7 }, { ...half, providerTimeS: 9 }, second).carried).toEqual({
      kickoffs: { firstHalfS: T },
      reached: 3,
      peak: { home: slots(1, { ht: 1, corners: 3 }), away: slots(0) },
      providerTimeS: 9,
    });
    const extraTime = { atS: T + 7_000, status: 5 as const, kickoffS: T + 6_900 };
    expect(folded(second, extraTime, { ...second, atS: T + 9_000 }).carried).toMatchObject({
      kickoffs: { secondHalfS: SECOND, overtimeS: T + 6_900 },
      reached: 5,
    });
  });

  it('joins what both carry', () => {
    const ours = folded(second, { ...second, kickoffS: null });
    const theirs = folded(first, half);
    expect(supersede(theirs, ours).carried).toMatchObject({
      kickoffs: { firstHalfS: T, secondHalfS: SECOND },
      reached: 4,
      peak: { home: slots(1, { ht: 1, corners: 3 }) },
    });
    expect(supersede(ours, theirs).carried).toMatchObject({ reached: 4 });
  });

  it('leaves the row as if all had been told: kick-offs, period, peaks, provider time', () => {
    const all = new History();
    const reports = [
      { ...first, providerTimeS: T },
      { ...second, home: slots(1, { corners: 2 }) },
    ];
    for (const report of reports) all.tell(report);
    const { kickoffs, kickoffSources, reached, peak, providerTimeS } = all.state;
    expect(told(...reports)).toMatchObject({ kickoffs, kickoffSources, reached, peak, providerTimeS });
  });

  it('the row has the furthest period also when the newest is the end', () => {
    expect(told(first, second, { atS: SECOND + 60, status: 8 }).reached).toBe(4);
  });

  it('fills a half-time score that the newest does not have', () => {
    const after = { ...second, home: slots(2), away: slots(0) };
    expect(told(first, half, after)).toMatchObject({ home: slots(2, { ht: 1 }), away: slots(0) });
    expect(told(first, half, { ...after, away: slots(1, { ht: 1 }) }).home).toEqual(slots(2));
    expect(told(first, half, { ...after, home: slots(0) }).home).toEqual(slots(0));
    expect(told(first, half, first).home).toEqual(slots(1, { corners: 3 }));
  });

  it('a match that begins again has only its provider time from before', () => {
    const off = { atS: SECOND + 60, status: 10 as const, providerTimeS: SECOND };
    const again = { atS: SECOND + 9_000, status: 2 as const, kickoffS: SECOND + 9_000 };
    expect(folded(first, second, off, again).carried).toEqual({
      kickoffs: {},
      reached: 1,
      peak: { home: slots(0), away: slots(0) },
      providerTimeS: SECOND,
    });
    expect(told(first, second, off, again).reached).toBe(2);
  });

  it('a report of status 1, which may be a late copy, takes nothing from those before and after it', () => {
    const late = { atS: SECOND + 61, status: 1 as const };
    expect(folded(first, half, late, second).carried).toEqual(folded(first, half, second).carried);
    expect(told(first, half, late, second).kickoffs.firstHalfS).toBe(told(first, half, second).kickoffs.firstHalfS);
    expect(told(first, half, late).kickoffs.firstHalfS).toBeNull();
  });
});

describe('an update that stands for a state', () => {
  const newest = toUpdate({ atS: SECOND + 5_000, status: 7 });
  const before = emptyMatch('m');
  const known: MatchState = {
    ...before,
    kickoffs: { firstHalfS: T, secondHalfS: SECOND, overtimeS: SECOND + 3_000 },
    kickoffSources: { firstHalf: 'mqtt', secondHalf: 'mqtt', overtime: 'mqtt' },
    reached: 7,
    peak: { home: slots(2), away: slots(1) },
    providerTimeS: 9,
  };

  it('carries on what the state knows beyond the one before', () => {
    expect(carryingState(newest, before, known).carried).toEqual({
      kickoffs: known.kickoffs,
      reached: 7,
      peak: known.peak,
      providerTimeS: 9,
    });
  });

  it('carries nothing that was known before, and no estimate', () => {
    const nothing = { kickoffs: {}, reached: 1, peak: { home: slots(0), away: slots(0) }, providerTimeS: null };
    expect(carryingState(newest, known, known).carried).toEqual(nothing);
    const estimated = { ...before, kickoffs: known.kickoffs };
    expect(carryingState(newest, before, estimated).carried).toEqual(nothing);
  });
});
