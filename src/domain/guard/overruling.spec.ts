import { describe, expect, it } from '@jest/globals';
import { slots, KICKOFF_S as T } from '../../../test/support/history.js';
import { VirtualMatch } from '../../../test/support/virtual-match.js';

const SECOND = T + 3_720;
const WHISTLE = SECOND + 2_880;
const AGREED = 'applied/agreed';
const INSISTED = 'applied/insisted';

const end = { status: 8 as const, home: slots(2), away: slots(1), kickoffS: SECOND };
const inPlay = { ...end, status: 4 as const };

/** A match that a push ended 2-1; it is an hour after the whistle. */
function ended(): VirtualMatch {
  const match = new VirtualMatch(T);
  match.push({ status: 2, kickoffS: T });
  match.nowS = SECOND;
  match.push(inPlay);
  match.nowS = WHISTLE;
  match.push(end);
  match.nowS = WHISTLE + 3_600;
  return match;
}

describe('agreement of provider and feed (R5)', () => {
  it.each([
    ['29 s after the refused push, with its goals', 29, slots(2), AGREED],
    ['29 s after it, with other goals', 29, slots(3), 'illegal/match-ended'],
    ['30 s after it, with other goals', 30, slots(3), AGREED],
  ])('an answer requested %s', (_, seconds, home, expected) => {
    const match = ended();
    expect(match.push(inPlay)).toBe('illegal/match-ended');
    match.nowS += seconds;
    // life, so that the goals alone tell the cases apart
    expect(match.pull({ ...inPlay, home })).toBe(expected);
  });

  it.each<[string, object, string]>([
    ['in play without life', inPlay, 'illegal/match-ended'],
    ['in play with a goal never seen', { ...inPlay, home: slots(3) }, AGREED],
    ['in play with a corner never seen', { ...inPlay, home: slots(2, { corners: 1 }) }, AGREED],
    [
      'in play, kicked off 20 minutes after every known one',
      { ...inPlay, kickoffS: SECOND + 1_200 },
      'illegal/match-ended',
    ],
    ['in play, kicked off later than that', { ...inPlay, kickoffS: SECOND + 1_201 }, AGREED],
    ['not started, though there were goals', { status: 1 }, 'illegal/match-ended'],
    ['0, which no match is moved into', { status: 0 }, 'illegal/status-never-set'],
    ['a goal less', { ...end, home: slots(1) }, 'applied/changed'],
  ])('of a feed that is content or silent: %s', (_, said, expected) => {
    expect(ended().pull(said as typeof end)).toBe(expected);
  });

  it('needs no more than a newer provider time', () => {
    expect(ended().pull({ ...inPlay, providerTimeS: WHISTLE + 61 })).toBe(AGREED);
    expect(ended().pull({ ...inPlay, providerTimeS: WHISTLE + 60 })).toBe('illegal/match-ended');
  });

  it('takes back a start when nothing was ever counted', () => {
    const match = new VirtualMatch(T);
    match.push({ status: 2, kickoffS: T });
    match.nowS += 60;
    expect(match.pull({ status: 1 })).toBe(AGREED);
    expect(match.state).toMatchObject({ status: 1, reached: 1, kickoffSources: {}, kickoffs: { firstHalfS: T } });
    match.nowS += 600;
    match.push({ status: 2, kickoffS: T + 660 });
    expect(match.state.kickoffs.firstHalfS).toBe(T + 660);
  });

  it('an answer of another status than the refused push must be as much younger as one of the same', () => {
    for (const [seconds, expected] of [
      [29, 'illegal/match-ended'],
      [30, AGREED],
    ] as const) {
      const match = ended();
      match.push({ ...inPlay, status: 3 });
      match.nowS += seconds;
      expect(match.pull({ ...inPlay, home: slots(3) })).toBe(expected);
    }
  });

  it('an end that a push has told before is none that the provider alone brings back', () => {
    const match = ended();
    match.push({ ...end, status: 11 });
    match.nowS += 60;
    expect(match.pull(end)).toBe('illegal/out-of-play');
    expect(match.pull({ ...end, home: slots(3) })).toBe(AGREED);
  });

  it('overrules a provider time behind the last push when the refused one says the same, 30 s later', () => {
    const old = { ...end, home: slots(1), providerTimeS: WHISTLE - 60 };
    for (const [seconds, home, expected] of [
      [29, slots(1), 'stale/pull-behind-push'],
      [30, slots(1), 'applied/changed'],
      [30, slots(0), 'stale/pull-behind-push'],
    ] as const) {
      const match = ended();
      match.push({ ...end, home: slots(1) });
      match.nowS += seconds;
      expect(match.pull({ ...old, home })).toBe(expected);
    }
  });

  it('the newest refused push is judged once more after an answer that may be older', () => {
    const match = ended();
    match.push(inPlay);
    match.nowS += 10;
    match.push({ ...inPlay, home: slots(3) });
    match.nowS += 20;
    // agrees with the status that was refused, and was requested before the newest of them could be answered
    expect(match.pull({ ...inPlay, home: slots(3), away: slots(1, { corners: 1 }) })).toBe(AGREED);
    expect(match.state.away[4]).toBe(0);
    expect(match.heard).toMatchObject({ run: [], refusals: null, newest: { refused: false } });
  });
});

describe('insistence of the feed (R6)', () => {
  const alive = { ...inPlay, home: slots(3) };
  const insist = (match: VirtualMatch, said: object, after: readonly number[], more: object = {}) =>
    after.map((seconds) => {
      match.wait(seconds);
      return match.push({ ...inPlay, ...said, ...more });
    });

  it.each<[string, readonly number[], string]>([
    ['three pushes over 60 s', [0, 30, 30], INSISTED],
    ['three over 59 s', [0, 30, 29], 'illegal/match-ended'],
    ['two over 60 s', [0, 60], 'illegal/match-ended'],
  ])('%s', (_, after, expected) => {
    expect(insist(ended(), alive, after).at(-1)).toBe(expected);
  });

  it.each<[string, object, string]>([
    ['in play without life', inPlay, 'illegal/match-ended'],
    ['the end that was told before', { ...end, status: 8 }, 'duplicate/nothing-differs'],
    ['a score that was never told after the end', { ...end, home: slots(1) }, INSISTED],
    ['not started, after goals', { status: 1, home: slots(2), away: slots(1) }, 'illegal/match-ended'],
  ])('%s', (_, said, expected) => {
    expect(insist(ended(), said, [0, 30, 30]).at(-1)).toBe(expected);
  });

  it.each<[string, object]>([
    ['redelivered', { redelivered: true }],
    ['held back by the broker', { feedBehind: true }],
    ['parked and judged again', { waited: true }],
    ['of an operator’s tool', { source: 'watchdog' }],
  ])('frames that are %s never insist', (_, more) => {
    expect(insist(ended(), alive, [0, 30, 30, 30], more).join()).not.toContain(INSISTED);
  });

  it('a redelivered, late or repeated frame does not complete the run of others', () => {
    for (const more of [{ redelivered: true as const }, { feedBehind: true }, { waited: true }]) {
      const match = ended();
      insist(match, alive, [0, 30]);
      match.wait(30);
      expect(match.push({ ...alive, ...more })).not.toBe(INSISTED);
    }
  });

  it('more than three goals at once wait for the next frame', () => {
    const match = ended();
    insist(match, alive, [0, 30]);
    match.wait(31);
    expect(match.push({ ...alive, home: slots(7) })).toBe('illegal/match-ended');
    expect(match.push({ ...alive, home: slots(7) })).toBe(INSISTED);
  });

  it('a push that is accepted, or a count that falls, begins the minute again', () => {
    const accepted = ended();
    insist(accepted, alive, [0, 30]);
    accepted.push(end);
    expect(insist(accepted, alive, [30]).at(-1)).toBe('illegal/match-ended');
    const fallen = ended();
    insist(fallen, { ...alive, away: slots(2) }, [0, 30]);
    expect(insist(fallen, alive, [30]).at(-1)).toBe('illegal/match-ended');
  });

  it('a provider decides if it answers and has listed the match since the run began', () => {
    const asked = (provider: 'answering' | 'failing', listed: boolean) => {
      const match = ended();
      insist(match, alive, [0, 30], { provider });
      if (listed) match.pull(end);
      return insist(match, alive, [30], { provider }).at(-1);
    };
    expect(asked('answering', true)).toBe('illegal/match-ended');
    expect(asked('answering', false)).toBe(INSISTED);
    expect(asked('failing', true)).toBe(INSISTED);
    const before = ended();
    before.pull(end);
    before.wait(1);
    expect(insist(before, alive, [0, 30, 30], { provider: 'answering' }).at(-1)).toBe(INSISTED);
  });

  it('a start is taken back when nothing was ever counted', () => {
    const match = new VirtualMatch(T);
    match.push({ status: 2, kickoffS: T });
    expect(insist(match, { status: 1, home: slots(0), away: slots(0) }, [30, 30, 30]).at(-1)).toBe(INSISTED);
    expect(match.state).toMatchObject({ status: 1, reached: 1 });
  });
});

describe('echo (R1)', () => {
  it('an end that was left comes back neither after the end nor in play', () => {
    const match = ended();
    match.push({ ...end, home: slots(3) });
    for (const wait of [0, 30, 30, 60]) {
      match.wait(wait);
      expect(match.push(end)).toBe('stale/echo');
    }
    expect(match.push({ ...end, providerTimeS: match.nowS })).toBe('applied/changed');
  });

  it('ends that were annulled do not come back as goals', () => {
    const match = ended();
    match.wait(200);
    match.pull({ ...end, home: slots(1) });
    expect(match.push(end)).toBe('stale/echo');
    expect(match.push({ ...end, source: 'admin' })).toBe('applied/changed');
  });

  it('in extra time only an end that lets a count fall is one', () => {
    const extraTime = { status: 5 as const, home: slots(2), away: slots(1, { corners: 1 }) };
    const match = ended();
    match.nowS = WHISTLE + 300;
    match.push(extraTime);
    expect(match.push(end)).toBe('stale/echo');
    expect(match.push({ ...extraTime, status: 8 })).toBe('applied/changed');
  });

  it('a match that begins again has no ends', () => {
    const match = ended();
    match.push({ ...end, status: 11 });
    match.nowS += 60;
    match.pull({ status: 2, kickoffS: WHISTLE + 3_000, providerTimeS: match.nowS });
    expect(match.heard.ends).toEqual([]);
  });
});

describe('a false end (R3)', () => {
  it.each<[string, object, number, string]>([
    ['newer provider time', { providerTimeS: WHISTLE + 300 }, 300, 'applied/changed'],
    ['newer provider time, after 20 minutes', { providerTimeS: WHISTLE + 1_201 }, 1_201, 'illegal/match-ended'],
    ['nothing', {}, 300, 'illegal/match-ended'],
    [
      'newer provider time, into a half before the last',
      { status: 2, providerTimeS: WHISTLE + 300 },
      300,
      'stale/older-kickoff',
    ],
  ])('the period that was reached goes on with %s', (_, more, after, expected) => {
    const match = ended();
    match.nowS = WHISTLE + after;
    expect(match.push({ ...inPlay, ...more, ...('status' in more ? { kickoffS: T } : {}) })).toBe(expected);
  });
});

describe('a replay from the start (R4)', () => {
  it('begins by newer provider time out of 9 to 13 only', () => {
    const again = { status: 2 as const, kickoffS: WHISTLE + 3_000, providerTimeS: WHISTLE + 3_000 };
    expect(ended().push(again)).toBe('illegal/match-ended');
    const interrupted = ended();
    interrupted.push({ ...end, status: 10 });
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

describe('a jump (R10)', () => {
  const playing = () => {
    const match = new VirtualMatch(SECOND);
    match.push(inPlay);
    return match;
  };

  it.each<[string, number, object, string]>([
    ['four goals at once', 59, { home: slots(6) }, 'stale/jump'],
    ['four goals of both sides', 59, { home: slots(4), away: slots(3) }, 'stale/jump'],
    ['three goals', 59, { home: slots(5) }, 'applied/changed'],
    ['four goals after a minute', 60, { home: slots(6) }, 'applied/changed'],
    ['four goals with newer provider time', 59, { home: slots(6), providerTimeS: SECOND + 63 }, 'applied/changed'],
    ['four goals by an operator', 59, { home: slots(6), source: 'admin' }, 'applied/changed'],
    ['four goals at the whistle', 59, { home: slots(6), status: 8 }, 'stale/jump'],
  ])('%s', (_, seconds, said, expected) => {
    const match = playing();
    match.wait(seconds);
    expect(match.push({ ...inPlay, providerSkewMs: 2_000, ...said })).toBe(expected);
  });

  it('is believed in a second frame, and not in one that says something else', () => {
    const match = playing();
    match.push({ ...inPlay, home: slots(9) });
    expect(match.push({ ...inPlay, home: slots(6) })).toBe('stale/jump');
    expect(match.push({ ...inPlay, home: slots(7) })).toBe('applied/changed');
  });

  it('is none after a pull that says it, of goals one by one, of swapped sides, or without any push before', () => {
    const pulled = playing();
    pulled.nowS += 40;
    pulled.pull({ ...inPlay, home: slots(5) });
    pulled.nowS += 10;
    expect(pulled.push({ ...inPlay, home: slots(6) })).toBe('applied/changed');
    const single = playing();
    for (const goals of [3, 4, 5, 6, 7]) expect(single.push({ ...inPlay, home: slots(goals) })).toBe('applied/changed');
    const swapped = new VirtualMatch(SECOND);
    swapped.push({ ...inPlay, home: slots(6), away: slots(1) });
    expect(swapped.push({ ...inPlay, home: slots(1), away: slots(6) })).toBe('applied/changed');
    expect(new VirtualMatch(SECOND).push({ ...inPlay, home: slots(9) })).toBe('applied/changed');
  });

  it('is none when superseded frames told the goals before', () => {
    const carried = {
      kickoffs: {},
      reached: 4 as const,
      peak: { home: slots(5), away: slots(1) },
      providerTimeS: null,
    };
    expect(playing().push({ ...inPlay, home: slots(6), carried })).toBe('applied/changed');
  });
});

describe('a frame that the broker sent before', () => {
  it('does not let a count fall in play; another frame, newer provider time or the provider does', () => {
    const playing = () => {
      const match = new VirtualMatch(SECOND);
      match.push(inPlay);
      match.nowS += 90;
      return match;
    };
    const less = { ...inPlay, home: slots(1) };
    const match = playing();
    expect(match.push({ ...less, redelivered: true })).toBe('stale/redelivered-fall');
    expect(match.push(less)).toBe('applied/changed');
    expect(playing().push({ ...less, redelivered: true, providerTimeS: SECOND + 80 })).toBe('applied/changed');
    const asked = playing();
    asked.push({ ...less, redelivered: true });
    expect(asked.pull(less)).toBe('applied/changed');
    expect(playing().push({ ...inPlay, home: slots(3), redelivered: true })).toBe('applied/changed');
    const first = new VirtualMatch(SECOND);
    first.state = { ...first.state, status: 4, home: slots(2) };
    expect(first.push({ ...less, redelivered: true })).toBe('applied/changed');
  });
});

describe('an undated answer that lets a count fall (R7)', () => {
  it.each<[number, string, string]>([
    [89, 'stale/pull-too-early', 'applied/changed'],
    [90, 'applied/changed', 'applied/changed'],
  ])('%d s after the last push', (seconds, falling, rising) => {
    const answer = (more: object) => {
      const match = new VirtualMatch(SECOND);
      match.push(inPlay);
      match.nowS += seconds;
      return match.pull({ ...inPlay, ...more });
    };
    expect(answer({ home: slots(1) })).toBe(falling);
    expect(answer({ home: slots(3) })).toBe(rising);
    expect(answer({ home: slots(1), providerTimeS: SECOND + 50 })).toBe('applied/changed');
  });

  it('after the end counts from the last change: a publisher that repeats itself does not mute the provider', () => {
    const match = ended();
    match.nowS = WHISTLE;
    for (let n = 0; n < 9; n++) {
      match.nowS += 10;
      match.push(end);
    }
    match.nowS += 1;
    expect(match.pull({ ...end, home: slots(1) })).toBe('applied/changed');
  });

  it('of a row that nobody dated counts from the last push', () => {
    const match = new VirtualMatch(WHISTLE);
    match.state = { ...match.state, status: 8, home: slots(2), seenAtMs: (WHISTLE - 60) * 1000 };
    expect(match.pull({ ...end, home: slots(1), away: slots(0) })).toBe('stale/pull-too-early');
    match.state = { ...match.state, statusSinceS: WHISTLE - 120 };
    expect(match.pull({ ...end, home: slots(1), away: slots(0) })).toBe('applied/changed');
    match.state = { ...match.state, status: 8, home: slots(2), statusSinceS: null, pulledAtMs: null };
    match.state = { ...match.state, scoreSourceAtS: WHISTLE - 120 };
    expect(match.pull({ ...end, home: slots(1), away: slots(0) })).toBe('applied/changed');
  });
});

describe('times (R9)', () => {
  const HOUR_MS = 3_600_000;

  it('stored in the future are worth now, and are so for good', () => {
    const match = ended();
    const nowMs = match.nowS * 1000;
    const ahead = { seenAtMs: nowMs + HOUR_MS, pulledAtMs: nowMs + HOUR_MS, statusSinceS: match.nowS + 3_600 };
    match.state = { ...match.state, ...ahead, scoreSourceAtS: match.nowS + 3_600 };
    expect(match.pull({ ...end, home: slots(3) })).toBe('stale/pull-too-early');
    expect(match.state).toMatchObject({ seenAtMs: nowMs, pulledAtMs: nowMs, statusSinceS: match.nowS });
    match.nowS += 30;
    expect(match.pull({ ...end, home: slots(3) })).toBe('applied/changed');
  });

  it('a step back of up to a minute is left alone', () => {
    const match = ended();
    match.state = { ...match.state, seenAtMs: match.nowS * 1000 + 60_000 };
    const before = match.state;
    match.push(inPlay);
    expect(match.state).toBe(before);
  });

  it('heard in the future are worth now', () => {
    const match = ended();
    match.nowS += 3_600;
    match.push(inPlay);
    match.push({ ...inPlay, home: slots(3) });
    match.nowS -= 3_600;
    match.push(inPlay);
    match.nowS += 30;
    expect(match.pull({ ...inPlay, home: slots(2) })).toBe(AGREED);
  });

  it('the first provider time of a row must be a minute after what was seen, or after the status was set', () => {
    const answer = (providerTimeS: number, changes: object) => {
      const match = new VirtualMatch(WHISTLE + 300);
      match.state = { ...match.state, status: 11, home: slots(2), away: slots(1), ...changes };
      return match.push({ ...end, providerTimeS });
    };
    expect(answer(WHISTLE + 60, { seenAtMs: WHISTLE * 1000 })).toBe('illegal/out-of-play');
    expect(answer(WHISTLE + 61, { seenAtMs: WHISTLE * 1000 })).toBe('applied/changed');
    expect(answer(WHISTLE + 60, { statusSinceS: WHISTLE })).toBe('illegal/out-of-play');
    expect(answer(WHISTLE + 61, { statusSinceS: WHISTLE })).toBe('applied/changed');
    expect(answer(WHISTLE + 300, {})).toBe('illegal/out-of-play');
  });
});
