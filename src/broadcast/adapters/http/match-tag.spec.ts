import { describe, expect, it } from '@jest/globals';
import { toldGoal } from '../../../../test/support/told.js';
import type { MatchView } from '../../ports/match-frames.js';
import { matchTag } from './match-tag.js';

function view(changes: Partial<MatchView> = {}): MatchView {
  const { version } = toldGoal({ version: 17 });
  if (!version) throw new Error('A goal has a version');
  const { state, clock } = version;
  return { ...state, clock, competitionId: 'c1', cards: [], substitutions: [], predictions: [], ...changes };
}

const CARD = { key: 'a', cardType: 'RED', time: 3, team: 'home', playerId: null, playerName: null } as const;
const { clock, kickoffs, scores } = view();

describe('the tag of a match', () => {
  it('begins with the position', () => {
    expect(matchTag(view())).toMatch(/^1\.17-[\w-]{8}$/);
  });

  it('is the same in every instance: the order of keys and who wrote the version do not matter', () => {
    const reversed = Object.fromEntries(Object.entries(view()).reverse()) as unknown as MatchView;
    const { running, ...otherClock } = clock;
    expect(matchTag({ ...reversed, clock: { running, ...otherClock } })).toBe(matchTag(view()));
    expect(matchTag(view({ source: 'unknown', receivedAt: 0 }))).toBe(matchTag(view()));
  });

  it.each<[string, Partial<MatchView>]>([
    ['the position', { position: '1.18' }],
    ['the score', { homeScore: 3 }],
    ['the counts', { scores: { ...scores, away: [0, 0, 1, 0, -1, 0, 0] } }],
    ['the status', { statusId: 3 }],
    ['a kick-off', { kickoffs: { ...kickoffs, secondHalf: 1 } }],
    ['announced time', { clock: { ...clock, addedAnnouncedMinutes: 4 } }],
    ['the length of the period', { clock: { ...clock, normalSeconds: 1_800 } }],
    ['a card', { cards: [CARD] }],
    ['a card in another list', { predictions: [CARD as never] }],
    ['the competition', { competitionId: null }],
  ])('is another one with %s', (_, changes) => {
    expect(matchTag(view(changes))).not.toBe(matchTag(view()));
  });
});
