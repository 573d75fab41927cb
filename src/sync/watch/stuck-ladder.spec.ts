import { describe, expect, it } from '@jest/globals';
import type { StuckMark, StuckReason } from '../ports/stale-matches.js';
import { chooseAsked, nextRung } from './stuck-ladder.js';

const MINUTE_MS = 60_000;

/** Looks every 30 s at one match, asked whenever it is due. */
function climb(reasonAt: (atMs: number) => StuckReason, untilMs: number) {
  let mark: StuckMark | null = null;
  const askedAtMs: number[] = [];
  for (let atMs = 0; atMs <= untilMs; atMs += 30_000) {
    const rung = nextRung(mark, reasonAt(atMs), atMs);
    if (rung.isAskDue) askedAtMs.push(atMs);
    mark = { ...rung.mark, askedAtMs: rung.isAskDue ? atMs : rung.mark.askedAtMs };
  }
  return { mark: mark as StuckMark | null, askedMinutes: askedAtMs.map((ms) => ms / MINUTE_MS) };
}

describe('the ladder of a match that stands still', () => {
  it('is noted and asked about first, and stale when the next look after an answer finds the same', () => {
    const first = nextRung(null, 'silent', 1_000);
    expect(first).toEqual({
      mark: { reason: 'silent', sinceMs: 1_000, askedAtMs: null, staleAtMs: null },
      isAskDue: true,
    });
    const asked = { ...first.mark, askedAtMs: 1_000 };
    expect(nextRung(asked, 'silent', 45_999)).toEqual({ mark: asked, isAskDue: false });
    expect(nextRung(asked, 'silent', 46_000).mark.staleAtMs).toBe(46_000);
  });

  it('is not stale before anybody was asked', () => {
    const waiting = { reason: 'silent', sinceMs: 0, askedAtMs: null, staleAtMs: null };
    expect(nextRung(waiting, 'silent', 600_000)).toEqual({ mark: waiting, isAskDue: true });
  });

  it('asks at growing intervals, for hours', () => {
    const { askedMinutes, mark } = climb(() => 'silent', 5 * 60 * MINUTE_MS);
    expect(askedMinutes).toEqual([0, 1, 2, 4, 8, 16, 32, 62, 92, 122, 152, 182, 212, 242, 272]);
    expect(mark?.staleAtMs).toBe(MINUTE_MS);
  });

  it('begins anew with another reason, unless the match is stale already', () => {
    const early = climb((atMs) => (atMs < 30_000 ? 'null-minute' : 'silent'), 30_000);
    expect(early.mark).toEqual({ reason: 'silent', sinceMs: 30_000, askedAtMs: 30_000, staleAtMs: null });
    const late = climb((atMs) => (atMs < 5 * MINUTE_MS ? 'silent' : 'half-time-too-long'), 6 * MINUTE_MS);
    expect(late.mark).toMatchObject({ reason: 'half-time-too-long', sinceMs: 0, staleAtMs: MINUTE_MS });
  });

  it('leaves a match five minutes to begin late', () => {
    expect(climb(() => 'should-be-live', 270_000).mark?.staleAtMs).toBeNull();
    expect(climb(() => 'should-be-live', 300_000).mark?.staleAtMs).toBe(300_000);
  });

  it('asks again what a clock that was wrong had asked', () => {
    const ahead = { reason: 'silent', sinceMs: 900_000, askedAtMs: 900_000, staleAtMs: null };
    expect(nextRung(ahead, 'silent', 839_999)).toMatchObject({ mark: { sinceMs: 839_999 }, isAskDue: true });
    expect(nextRung(ahead, 'silent', 840_000).isAskDue).toBe(false);
  });
});

describe('who is asked about in one look', () => {
  const stuck = (matchId: string, isLive: boolean, askedAtMs: number | null) => {
    const mark = { reason: 'silent', sinceMs: 0, askedAtMs, staleAtMs: null };
    return { matchId, isLive, rung: { mark, isAskDue: matchId !== 'asked' } };
  };

  it('is a bounded number: those in play first, then whoever has waited longest', () => {
    const all = [
      stuck('later', false, null),
      stuck('asked', true, 900),
      stuck('second', true, 500),
      stuck('first', true, null),
    ];
    const marks = chooseAsked(all, 1_000, 2);
    expect(marks.map(({ matchId, askedAtMs }) => [matchId, askedAtMs])).toEqual([
      ['later', null],
      ['asked', 900],
      ['second', 1_000],
      ['first', 1_000],
    ]);
  });
});
