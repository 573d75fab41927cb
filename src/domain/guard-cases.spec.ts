import { describe, expect, it } from '@jest/globals';
import { freshMatch, slots } from '../../test/support/history.js';
import { VirtualMatch } from '../../test/support/virtual-match.js';
import { isWordOfTheFeed } from './second-look.js';

const NOW = 1_768_700_000;
const DAY_S = 72_000;

/** Histories from public reports, as the feed and a provider would tell them: each was refused for ever once. */
describe('reported cases', () => {
  it('01: a kick-off corrected half an hour back', () => {
    const match = new VirtualMatch(NOW);
    match.push({ status: 2, kickoffS: NOW - 60 });
    match.push({ status: 2, kickoffS: NOW - 1_800 });
    match.push({ status: 2, home: slots(1), kickoffS: NOW - 1_800 });
    match.push({ status: 3, home: slots(1, { ht: 1 }), kickoffS: NOW - 1_800 });
    expect(match.shown).toEqual({ status: 3, score: '1-0' });
    expect(match.state.kickoffs.firstHalfS).toBe(NOW - 1_800);
  });

  it.each<[string, number, number | null]>([
    ['02: a shoot-out without kicks', 0, null],
    ['18: a level shoot-out decided by lots', 5, 0],
  ])('%s', (_, pens, dated) => {
    const level = { home: slots(1, { pens }), away: slots(1, { pens }), kickoffS: NOW - 3_000 };
    const match = new VirtualMatch(NOW);
    match.push({ status: 4, home: slots(1), away: slots(1), kickoffS: NOW - 3_000 });
    match.push({ status: 7, ...level });
    match.provider = (nowS) => ({ status: 8, ...level, providerTimeS: dated === null ? null : nowS });
    expect(match.push({ status: 8, ...level })).toBe('stale/shootout-undecided');
    match.wait(120);
    expect(match.shown.status).toBe(8);
  });

  it.each<[string, 8 | 11]>([
    ['abandoned', 11],
    ['ended', 8],
  ])('03: awarded with the first provider time of the row, after it was %s', (_, status) => {
    const match = new VirtualMatch(NOW);
    match.push({ status: 4, home: slots(1), away: slots(2), kickoffS: NOW - 900 });
    match.push({ status, home: slots(1), away: slots(2), kickoffS: NOW - 900 });
    match.restart(DAY_S);
    match.push({ status: 8, home: slots(3), kickoffS: match.nowS - 900, providerTimeS: match.nowS });
    expect(match.shown).toEqual({ status: 8, score: '3-0' });
    // the three of play; what was awarded is none
    expect([match.count('goal'), match.count('goal-cancelled')]).toEqual([3, 0]);
  });

  it('04: a false start that another writer corrects as the feed does', () => {
    const match = new VirtualMatch(NOW);
    match.push({ status: 2, kickoffS: NOW - 120 });
    expect(match.push({ status: 1 })).toBe('illegal/back-to-not-started');
    expect(isWordOfTheFeed(match.heard, freshMatch({ status: 1 }))).toBe(true);
    expect(isWordOfTheFeed(match.heard, freshMatch({ status: 2 }))).toBe(false);
  });

  it('07: resumed the next day', () => {
    const match = new VirtualMatch(NOW);
    match.push({ status: 2, kickoffS: NOW - 4_700 });
    match.push({ status: 4, home: slots(1), kickoffS: NOW - 900 });
    match.push({ status: 10, home: slots(1), kickoffS: NOW - 900 });
    match.restart(DAY_S);
    match.push({ status: 4, home: slots(1), kickoffS: match.nowS - 1_200 });
    match.push({ status: 4, home: slots(2), kickoffS: match.nowS - 1_200 });
    expect(match.shown).toEqual({ status: 4, score: '2-0' });
    expect(match.state.minute).toBe(66);
  });

  it('08: replayed from the start', () => {
    const match = new VirtualMatch(NOW);
    match.push({ status: 2, kickoffS: NOW - 4_700 });
    match.push({ status: 4, home: slots(1), kickoffS: NOW - 900 });
    match.push({ status: 10, home: slots(1), kickoffS: NOW - 900 });
    match.restart(DAY_S);
    const kickoffS = match.nowS - 300;
    match.provider = (nowS) => ({ status: 2, away: slots(1), kickoffS, providerTimeS: nowS });
    expect(match.push({ status: 2, kickoffS })).toBe('stale/earlier-period');
    match.push({ status: 2, away: slots(1), kickoffS });
    match.wait(60);
    expect(match.shown).toEqual({ status: 2, score: '0-1' });
    expect(match.state).toMatchObject({ reached: 2, minute: 6, kickoffSources: { firstHalf: 'api' } });
    expect([match.count('goal'), match.count('goal-cancelled')]).toEqual([2, 0]);
  });

  it('09: halves of 30 minutes', () => {
    const match = new VirtualMatch(NOW);
    match.push({ status: 2, kickoffS: NOW - 3_300 });
    match.push({ status: 3, home: slots(1, { ht: 1 }), kickoffS: NOW - 3_300 });
    match.push({ status: 4, home: slots(1, { ht: 1 }), kickoffS: NOW - 1_140 });
    match.push({ status: 4, home: slots(2, { ht: 1 }), kickoffS: NOW - 1_140 });
    expect(match.shown).toEqual({ status: 4, score: '2-0' });
    expect(match.state).toMatchObject({ minute: 65, kickoffs: { secondHalfS: NOW - 1_140 } });
  });

  it('12: delayed after a false start', () => {
    const match = new VirtualMatch(NOW);
    match.push({ status: 2, kickoffS: NOW - 2_400 });
    match.push({ status: 9 });
    match.wait(62);
    match.push({ status: 2, kickoffS: match.nowS - 300 });
    expect(match.shown.status).toBe(2);
    expect(match.state.minute).toBe(6);
  });

  it('14: a goal annulled after the whistle, late frames before it, and no provider', () => {
    const match = new VirtualMatch(NOW);
    const frame = { away: slots(0), kickoffS: NOW - 3_000 };
    match.push({ status: 4, home: slots(1), away: slots(1), kickoffS: NOW - 3_000 });
    match.push({ status: 8, home: slots(1), away: slots(1), kickoffS: NOW - 3_000 });
    match.push({ status: 4, home: slots(1), away: slots(1), kickoffS: NOW - 3_000 });
    match.push({ status: 4, home: slots(1), ...frame });
    const told = [0, 25, 25].map((seconds) => {
      match.wait(seconds);
      return match.push({ status: 8, home: slots(1), ...frame });
    });
    expect(new Set(told)).toEqual(new Set(['illegal/count-falls-after-end']));
    match.wait(25);
    expect(match.push({ status: 8, home: slots(1), ...frame })).toBe('applied/insisted');
    expect(match.shown).toEqual({ status: 8, score: '1-0' });
  });
});
