import { describe, expect, it } from '@jest/globals';
import { END, endedMatch, IN_PLAY, playingMatch, WHISTLE_S } from '../../../test/support/ended-match.js';
import { KICKOFF_S, slots } from '../../../test/support/history.js';

describe('echo (R1)', () => {
  it('an end that was left comes back neither after the end nor in play', () => {
    const match = endedMatch();
    match.push({ ...END, home: slots(3) });
    for (const wait of [0, 30, 30, 60]) {
      match.wait(wait);
      expect(match.push(END)).toBe('stale/echo');
    }
    expect(match.push({ ...END, providerTimeS: match.nowS })).toBe('applied/changed');
  });

  it('ends that were annulled do not come back as goals', () => {
    const match = endedMatch();
    match.wait(200);
    match.pull({ ...END, home: slots(1) });
    expect(match.push(END)).toBe('stale/echo');
    expect(match.push({ ...END, source: 'admin' })).toBe('applied/changed');
  });

  it('an end whose write was lost is no copy of itself when it is judged again', () => {
    const match = endedMatch();
    const before = match.state;
    const end = { ...END, home: slots(3) };
    match.push(end);
    match.state = before;
    expect(match.push(end)).toBe('applied/changed');
    match.state = before;
    match.wait(5);
    expect(match.push(end)).toBe('stale/echo');
  });

  it('nor is it one of those that told the same right after it', () => {
    const match = endedMatch();
    const before = match.state;
    const end = { ...END, home: slots(3), provider: 'absent' as const };
    const firstS = match.nowS;
    match.push(end);
    match.nowS += 2;
    expect(match.push(end)).toBe('duplicate/nothing-differs');
    const { heard } = match;
    const answers = [-1, 0, 2, 3].map((afterS) => {
      Object.assign(match, { state: before, heard });
      return match.tell({ ...end, atS: firstS + afterS });
    });
    expect(answers).toEqual(['stale/echo', 'applied/changed', 'applied/changed', 'stale/echo']);
  });

  it('in extra time only an end that lets a count fall is one', () => {
    const extraTime = { status: 5 as const, home: slots(2), away: slots(1, { corners: 1 }) };
    const match = endedMatch();
    match.nowS = WHISTLE_S + 300;
    match.push(extraTime);
    expect(match.push(END)).toBe('stale/echo');
    expect(match.push({ ...extraTime, status: 8 })).toBe('applied/changed');
  });

  it('what a whole burst ends with, after frames of extra time, is none', () => {
    const match = endedMatch();
    match.nowS = WHISTLE_S + 300;
    match.push({ status: 5, home: slots(3), away: slots(1) });
    const carried = {
      kickoffs: {},
      reached: 5 as const,
      peak: { home: slots(2), away: slots(1) },
      providerTimeS: null,
    };
    expect(match.push({ ...END, redelivered: true, inBurst: true })).toBe('stale/echo');
    expect(match.push({ ...END, redelivered: true, inBurst: true, carried })).toBe('applied/changed');
  });

  it('a match that begins again has no ends', () => {
    const match = endedMatch();
    match.push({ ...END, status: 11 });
    match.nowS += 60;
    match.pull({ status: 2, kickoffS: WHISTLE_S + 3_000, providerTimeS: match.nowS });
    expect(match.heard.ends).toEqual([]);
  });
});

describe('a false end (R3)', () => {
  it.each<[string, object, number, string]>([
    ['newer provider time', { providerTimeS: WHISTLE_S + 300 }, 300, 'applied/changed'],
    ['newer provider time, after 20 minutes', { providerTimeS: WHISTLE_S + 1_201 }, 1_201, 'illegal/match-ended'],
    ['nothing', {}, 300, 'illegal/match-ended'],
    [
      'newer provider time, into a half before the last',
      { status: 2, providerTimeS: WHISTLE_S + 300 },
      300,
      'stale/older-kickoff',
    ],
  ])('the period that was reached goes on with %s', (_, more, after, expected) => {
    const match = endedMatch();
    match.nowS = WHISTLE_S + after;
    expect(match.push({ ...IN_PLAY, ...more, ...('status' in more ? { kickoffS: KICKOFF_S } : {}) })).toBe(expected);
  });
});

describe('a replay from the start (R4)', () => {
  it('begins by newer provider time out of 9 to 13 only', () => {
    const again = { status: 2 as const, kickoffS: WHISTLE_S + 3_000, providerTimeS: WHISTLE_S + 3_000 };
    expect(endedMatch().push(again)).toBe('illegal/match-ended');
    const interrupted = endedMatch();
    interrupted.push({ ...END, status: 10 });
    expect(interrupted.push({ ...again, status: 3 })).toBe('stale/earlier-period');
    interrupted.nowS += 120;
    expect(interrupted.push({ ...again, providerTimeS: interrupted.nowS })).toBe('applied/changed');
    expect(interrupted.state).toMatchObject({
      reached: 2,
      peak: { home: slots(0) },
      kickoffSources: { firstHalf: 'mqtt' },
    });
  });
});

describe('an end that only another program wrote', () => {
  const ended = () => {
    const match = playingMatch();
    match.state = { ...match.state, status: 8, statusSource: 'foreign', reached: 4 };
    match.nowS += 1_800;
    return match;
  };

  it('holds up no feed that goes on from where it was, however late', () => {
    expect(ended().push({ ...IN_PLAY, home: slots(3) })).toBe('applied/changed');
  });

  it.each<[string, object]>([
    ['an earlier period', { status: 2 }],
    ['a copy that was sent before', { redelivered: true }],
    ['an old answer of the provider', { source: 'api' }],
    ['a status before the match', { status: 1 }],
  ])('stands against %s', (_what, more) => {
    expect(ended().push({ ...IN_PLAY, ...more })).not.toMatch(/^applied/);
  });

  it('is known by the journal when the row was loaded, unless an authority wrote it or it bears a stamp of ours', () => {
    const origin = {
      fingerprint: '',
      lastSource: null,
      journaledBy: 'foreign',
      byAuthority: false,
      movedKickoffs: false,
      isEarlier: false,
    };
    const loaded = (statusSource: 'watchdog' | 'api', more: object) => {
      const match = ended();
      match.state = { ...match.state, statusSource, origin: { ...origin, ...more } };
      return match.push({ ...IN_PLAY, home: slots(3) });
    };
    expect(loaded('watchdog', {})).toBe('applied/changed');
    expect(loaded('watchdog', { byAuthority: true })).toBe('illegal/match-ended');
    expect(loaded('watchdog', { journaledBy: 'mqtt' })).toBe('illegal/match-ended');
    expect(loaded('api', {})).toBe('illegal/match-ended');
  });

  it('is an end like others when it is of us', () => {
    const match = ended();
    match.state = { ...match.state, statusSource: 'mqtt' };
    expect(match.push(IN_PLAY)).toBe('illegal/match-ended');
  });
});
