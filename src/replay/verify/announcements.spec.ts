import { describe, expect, it } from '@jest/globals';
import { Announcements, wrongAnnouncements } from './announcements.js';
import { readClientFrame } from './client-frame.js';

const MATCH = { matchId: 'm1', teams: 'A - B', row: {}, goals: 2 };

/** `G 1-0`: a goal; `X 0-0`: cancelled down to; `S 1-0`: a score change. A version may follow. */
function findings(frames: readonly string[], untold = 0) {
  const announcements = new Announcements();
  for (const text of frames) {
    const [kind, score = '', version] = text.split(' ');
    const [homeScore, awayScore] = score.split('-').map(Number);
    const type = kind === 'G' ? 'GOAL' : kind === 'X' ? 'GOAL_CANCELLED' : 'SCORE_CHANGE';
    const json = JSON.stringify({ type, matchId: 'm1', homeScore, awayScore, version: version && Number(version) });
    const frame = readClientFrame(json);
    if (frame) announcements.note(frame);
  }
  return wrongAnnouncements(MATCH, announcements.of('m1'), untold).map(({ column, actual }) => `${column}: ${actual}`);
}

describe('announcements', () => {
  it.each([
    ['every goal once', ['G 1-0', 'G 1-1'], []],
    ['goals folded in the other order', ['G 0-1', 'G 1-1'], []],
    ['several frames of one version', ['S 1-0 4', 'G 1-0 4', 'G 1-1 5'], []],
    ['a missing goal', ['G 1-0'], ['goals announced: 1']],
    ['a goal told twice', ['G 1-0', 'G 1-1', 'G 1-1'], ['goals announced twice: 1']],
    ['nothing in versions that are repeated', ['G 1-0 4', 'S 1-0 4', 'G 1-1 5', 'G 1-0 4', 'S 1-0 4', 'G 1-1 5'], []],
    ['a goal told twice in two versions', ['G 1-0 4', 'G 1-1 5', 'G 1-1 6'], ['goals announced twice: 1']],
    ['a goal too many', ['G 1-0', 'G 1-1', 'G 2-1'], ['goals announced: 3']],
    ['a goal cancelled and scored again', ['G 1-0', 'X 0-0', 'G 1-0', 'G 1-1'], ['goals cancelled: 1']],
    ['a version that falls', ['G 1-0 5', 'G 1-1 4'], ['versions out of order: 1']],
  ])('finds %s', (_, frames, expected) => {
    expect(findings(frames)).toEqual(expected);
  });

  it('expects no goal that a commit of more than five left untold', () => {
    expect(findings(['G 1-1'], 1)).toEqual([]);
    expect(findings(['G 1-0', 'G 1-1'], 1)).toEqual(['goals announced: 2']);
  });

  it('reads frames inside { data }, and nothing from other text', () => {
    expect(readClientFrame('{"data":{"type":"GOAL","matchId":"m","homeScore":1,"awayScore":0}}')).toMatchObject({
      type: 'GOAL',
      homeScore: 1,
      version: null,
    });
    for (const text of ['', 'null', '[]', '{', '{"type":"PING"}', '{"type":1,"matchId":"m"}']) {
      expect(readClientFrame(text)).toBeNull();
    }
  });
});
