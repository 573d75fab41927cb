import { describe, expect, it } from '@jest/globals';
import { END, endedMatch, IN_PLAY, SECOND_HALF_S, WHISTLE_S } from '../../../test/support/ended-match.js';
import { KICKOFF_S, slots } from '../../../test/support/history.js';
import { VirtualMatch } from '../../../test/support/virtual-match.js';

const AGREED = 'applied/agreed';

describe('agreement of provider and feed (R5)', () => {
  it.each([
    ['29 s after the refused push, with its goals', 29, slots(2), AGREED],
    ['29 s after it, with other goals', 29, slots(3), 'illegal/match-ended'],
    ['30 s after it, with other goals', 30, slots(3), AGREED],
  ])('an answer requested %s', (_, seconds, home, expected) => {
    const match = endedMatch();
    expect(match.push(IN_PLAY)).toBe('illegal/match-ended');
    match.nowS += seconds;
    // life, so that the goals alone tell the cases apart
    expect(match.pull({ ...IN_PLAY, home })).toBe(expected);
  });

  it.each<[string, object, string]>([
    ['in play without life', IN_PLAY, 'illegal/match-ended'],
    ['in play with a goal never seen', { ...IN_PLAY, home: slots(3) }, AGREED],
    ['in play with a corner never seen', { ...IN_PLAY, home: slots(2, { corners: 1 }) }, AGREED],
    [
      'in play, kicked off 20 minutes after every known one',
      { ...IN_PLAY, kickoffS: SECOND_HALF_S + 1_200 },
      'illegal/match-ended',
    ],
    ['in play, kicked off later than that', { ...IN_PLAY, kickoffS: SECOND_HALF_S + 1_201 }, AGREED],
    ['not started, though there were goals', { status: 1 }, 'illegal/match-ended'],
    ['0, which no match is moved into', { status: 0 }, 'illegal/status-never-set'],
    ['a goal less', { ...END, home: slots(1) }, 'applied/changed'],
  ])('of a feed that is content or silent: %s', (_, said, expected) => {
    expect(endedMatch().pull(said as typeof END)).toBe(expected);
  });

  it('needs no more than a newer provider time', () => {
    expect(endedMatch().pull({ ...IN_PLAY, providerTimeS: WHISTLE_S + 61 })).toBe(AGREED);
    expect(endedMatch().pull({ ...IN_PLAY, providerTimeS: WHISTLE_S + 60 })).toBe('illegal/match-ended');
  });

  it('takes back a start when nothing was ever counted', () => {
    const match = new VirtualMatch(KICKOFF_S);
    match.push({ status: 2, kickoffS: KICKOFF_S });
    match.nowS += 60;
    expect(match.pull({ status: 1 })).toBe(AGREED);
    expect(match.state).toMatchObject({
      status: 1,
      reached: 1,
      kickoffSources: {},
      kickoffs: { firstHalfS: KICKOFF_S },
    });
    match.nowS += 600;
    match.push({ status: 2, kickoffS: KICKOFF_S + 660 });
    expect(match.state.kickoffs.firstHalfS).toBe(KICKOFF_S + 660);
  });

  it('an answer of another status than the refused push must be as much younger as one of the same', () => {
    for (const [seconds, expected] of [
      [29, 'illegal/match-ended'],
      [30, AGREED],
    ] as const) {
      const match = endedMatch();
      match.push({ ...IN_PLAY, status: 3 });
      match.nowS += seconds;
      expect(match.pull({ ...IN_PLAY, home: slots(3) })).toBe(expected);
    }
  });

  it('an end that a push has told before is none that the provider alone brings back', () => {
    const match = endedMatch();
    match.push({ ...END, status: 11 });
    match.nowS += 60;
    expect(match.pull(END)).toBe('illegal/out-of-play');
    expect(match.pull({ ...END, home: slots(3) })).toBe(AGREED);
  });

  it('overrules a provider time behind the last push when the refused one says the same, 30 s later', () => {
    const old = { ...END, home: slots(1), providerTimeS: WHISTLE_S - 60 };
    for (const [seconds, home, expected] of [
      [29, slots(1), 'stale/pull-behind-push'],
      [30, slots(1), 'applied/changed'],
      [30, slots(0), 'stale/pull-behind-push'],
    ] as const) {
      const match = endedMatch();
      match.push({ ...END, home: slots(1) });
      match.nowS += seconds;
      expect(match.pull({ ...old, home })).toBe(expected);
    }
  });

  it('the newest refused push is judged once more after an answer that may be older', () => {
    const match = endedMatch();
    match.push(IN_PLAY);
    match.nowS += 10;
    match.push({ ...IN_PLAY, home: slots(3) });
    match.nowS += 20;
    // agrees with the status that was refused, and was requested before the newest of them could be answered
    expect(match.pull({ ...IN_PLAY, home: slots(3), away: slots(1, { corners: 1 }) })).toBe(AGREED);
    expect(match.state.away[4]).toBe(0);
    expect(match.heard).toMatchObject({ run: [], refusals: null, newest: { refused: false } });
  });
});
