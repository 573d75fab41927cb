import { describe, expect, it } from '@jest/globals';
import { END, endedMatch, IN_PLAY } from '../../../test/support/ended-match.js';
import { KICKOFF_S, slots } from '../../../test/support/history.js';
import { VirtualMatch } from '../../../test/support/virtual-match.js';

const INSISTED = 'applied/insisted';

describe('insistence of the feed (R6)', () => {
  const alive = { ...IN_PLAY, home: slots(3) };
  const insist = (match: VirtualMatch, said: object, after: readonly number[], more: object = {}) =>
    after.map((seconds) => {
      match.wait(seconds);
      return match.push({ ...IN_PLAY, ...said, ...more });
    });

  it.each<[string, readonly number[], string]>([
    ['three pushes over 60 s', [0, 30, 30], INSISTED],
    ['three over 59 s', [0, 30, 29], 'illegal/match-ended'],
    ['two over 60 s', [0, 60], 'illegal/match-ended'],
  ])('%s', (_, after, expected) => {
    expect(insist(endedMatch(), alive, after).at(-1)).toBe(expected);
  });

  it.each<[string, object, string]>([
    ['in play without life', IN_PLAY, 'illegal/match-ended'],
    ['the end that was told before', { ...END, status: 8 }, 'duplicate/nothing-differs'],
    ['a score that was never told after the end', { ...END, home: slots(1) }, INSISTED],
    ['not started, after goals', { status: 1, home: slots(2), away: slots(1) }, 'illegal/match-ended'],
  ])('%s', (_, said, expected) => {
    expect(insist(endedMatch(), said, [0, 30, 30]).at(-1)).toBe(expected);
  });

  it.each<[string, object]>([
    ['redelivered', { redelivered: true }],
    ['held back by the broker', { feedBehind: true }],
    ['parked and judged again', { waited: true }],
    ['of an operator’s tool', { source: 'watchdog' }],
  ])('frames that are %s never insist', (_, more) => {
    expect(insist(endedMatch(), alive, [0, 30, 30, 30], more).join()).not.toContain(INSISTED);
  });

  it('a redelivered, late or repeated frame does not complete the run of others', () => {
    for (const more of [{ redelivered: true as const }, { feedBehind: true }, { waited: true }]) {
      const match = endedMatch();
      insist(match, alive, [0, 30]);
      match.wait(30);
      expect(match.push({ ...alive, ...more })).not.toBe(INSISTED);
    }
  });

  it('more than three goals at once wait for the next frame', () => {
    const match = endedMatch();
    insist(match, alive, [0, 30]);
    match.wait(31);
    expect(match.push({ ...alive, home: slots(7) })).toBe('illegal/match-ended');
    expect(match.push({ ...alive, home: slots(7) })).toBe(INSISTED);
  });

  it('a push that is accepted, or a count that falls, begins the minute again', () => {
    const accepted = endedMatch();
    insist(accepted, alive, [0, 30]);
    accepted.push(END);
    expect(insist(accepted, alive, [30]).at(-1)).toBe('illegal/match-ended');
    const fallen = endedMatch();
    insist(fallen, { ...alive, away: slots(2) }, [0, 30]);
    expect(insist(fallen, alive, [30]).at(-1)).toBe('illegal/match-ended');
  });

  it('a provider decides if it answers and has listed the match since the run began', () => {
    const asked = (provider: 'answering' | 'failing', listed: boolean) => {
      const match = endedMatch();
      insist(match, alive, [0, 30], { provider });
      if (listed) match.pull(END);
      return insist(match, alive, [30], { provider }).at(-1);
    };
    expect(asked('answering', true)).toBe('illegal/match-ended');
    expect(asked('answering', false)).toBe(INSISTED);
    expect(asked('failing', true)).toBe(INSISTED);
    const before = endedMatch();
    before.pull(END);
    before.wait(1);
    expect(insist(before, alive, [0, 30, 30], { provider: 'answering' }).at(-1)).toBe(INSISTED);
  });

  it('a start is taken back when nothing was ever counted', () => {
    const match = new VirtualMatch(KICKOFF_S);
    match.push({ status: 2, kickoffS: KICKOFF_S });
    expect(insist(match, { status: 1, home: slots(0), away: slots(0) }, [30, 30, 30]).at(-1)).toBe(INSISTED);
    expect(match.state).toMatchObject({ status: 1, reached: 1 });
  });
});
