import { describe, expect, it } from '@jest/globals';
import { END, endedMatch, IN_PLAY, SECOND_HALF_S } from '../../../test/support/ended-match.js';
import { slots } from '../../../test/support/history.js';
import { VirtualMatch } from '../../../test/support/virtual-match.js';

const LIST = { fromList: true } as const;

describe('an entry of a list of fixtures (rule 3a)', () => {
  const playing = () => {
    const match = new VirtualMatch(SECOND_HALF_S);
    match.push(IN_PLAY);
    return match;
  };

  it.each<[number, string]>([
    [31, 'stale/list-behind'],
    [179, 'stale/list-behind'],
    [180, 'applied/changed'],
  ])('%d s after the last push', (seconds, expected) => {
    const match = playing();
    match.nowS += seconds;
    expect(match.pull({ ...IN_PLAY, ...LIST, home: slots(3) })).toBe(expected);
  });

  it('changes a match that has no feed, and never one that another answer has spoken of lately', () => {
    const match = new VirtualMatch(SECOND_HALF_S);
    expect(match.pull({ ...IN_PLAY, ...LIST })).toBe('applied/changed');
    match.nowS += 179;
    expect(match.pull({ ...IN_PLAY, ...LIST, home: slots(3) })).toBe('stale/list-behind');
    match.nowS += 1;
    expect(match.pull({ ...IN_PLAY, ...LIST, home: slots(3) })).toBe('applied/changed');
    match.nowS += 120;
    // it only confirms the row, and that is a word about it
    expect(match.pull({ ...IN_PLAY, home: slots(3) })).toBe('duplicate/nothing-differs');
    match.nowS += 179;
    expect(match.pull({ ...IN_PLAY, ...LIST, home: slots(4) })).toBe('stale/list-behind');
    match.nowS += 1;
    expect(match.pull({ ...IN_PLAY, ...LIST, home: slots(4) })).toBe('applied/changed');
  });

  it.each([
    ['before the last push', -1, 'stale/list-behind'],
    ['in its second', 0, 'applied/changed'],
    ['later', 100, 'applied/changed'],
  ])('that last changed %s', (_when, afterS, expected) => {
    const match = playing();
    const listedAsOfS = match.nowS + afterS;
    match.nowS += 600;
    expect(match.pull({ ...IN_PLAY, ...LIST, listedAsOfS, home: slots(1) })).toBe(expected);
  });

  it('never puts a match back into play, whatever it shows', () => {
    const match = endedMatch();
    match.nowS += 600;
    expect(match.pull({ ...IN_PLAY, ...LIST, status: 5, home: slots(3) })).toBe('stale/list-behind');
    expect(match.pull({ ...END, ...LIST, home: slots(3) })).toBe('applied/changed');
  });

  it('leaves a question to the provider open, and never confirms the row against the feed', () => {
    const match = endedMatch();
    match.push({ ...IN_PLAY, home: slots(3) });
    const { question, run } = match.heard;
    match.nowS += 300;
    expect(match.pull({ ...END, ...LIST })).toBe('duplicate/nothing-differs');
    expect(match.heard).toMatchObject({ question, run, listedAtMs: null });
    expect(match.state.pulledAtMs).toBeNull();
  });
});
