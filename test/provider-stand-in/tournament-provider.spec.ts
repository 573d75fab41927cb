import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { scoresIn } from '../../examples/host/scores-in.js';
import { TournamentProvider } from '../../examples/host/tournament-provider.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const HOME = [1, 1, 0, 0, 3, 0, 0];
const AWAY = [0, 0, 0, 0, 1, 0, 0];
const FIRST_MATCH = 'run000001m00000';

describe('the provider of the demo', () => {
  let provider: TournamentProvider;
  let nowMs: number;

  beforeEach(async () => {
    nowMs = 1_766_000_000_000;
    provider = await TournamentProvider.start({
      file: 'examples/data/worldcup-2022.json',
      run: 'run000001',
      nowMs: () => nowMs,
    });
    provider.fill((index) => 1_766_000_100 + index);
  });
  afterEach(() => provider.close());

  async function results(endpoint: string): Promise<Record<string, unknown>[]> {
    const { providerUrl, providerUser, providerSecret } = provider.environment;
    const response = await fetch(`${providerUrl}${endpoint}?user=${providerUser}&secret=${providerSecret}`);
    return ((await response.json()) as { results: Record<string, unknown>[] }).results;
  }

  it('tells what the replay is about to play, with venues and starts', async () => {
    expect(provider.expected).toEqual({ teams: 32, competitions: 1, fixtures: 64 });
    const [first] = await results('/match/recent/list');
    expect(first).toMatchObject({ id: FIRST_MATCH, match_time: 1_766_000_100, updated_at: 1_766_000_000 });
    const venues = await results('/venue/list');
    expect(venues).toHaveLength(8);
    expect(venues.find(({ id }) => id === first?.venue_id)).toMatchObject({ name: 'Al Bayt Stadium', city: 'Al Khor' });
    expect(provider.requests).toBe(2);
  });

  it('follows the feed', async () => {
    nowMs += 60_000;
    provider.follow(JSON.stringify({ 0: { id: FIRST_MATCH, score: [FIRST_MATCH, 2, HOME, AWAY, 1_766_000_101] } }));
    provider.follow(JSON.stringify({ 0: { id: FIRST_MATCH, incidents: [] } }));
    const [live] = await results('/match/detail_live');
    expect(live).toEqual({ id: FIRST_MATCH, score: [FIRST_MATCH, 2, HOME, AWAY, 1_766_000_101, ''] });
    const [fixture] = await results('/match/recent/list');
    expect(fixture).toMatchObject({ status_id: 2, home_scores: HOME, away_scores: AWAY, updated_at: 1_766_000_060 });
  });
});

describe('the scores in a message of the feed', () => {
  const tuple = ['m', 2, HOME, AWAY, 5];

  it.each([
    ['a bare tuple', tuple, 1],
    ['one with six parts', [...tuple, ''], 1],
    ['an object', { id: 'm', score: tuple }, 1],
    ['a nested score', { id: 'm', score: [tuple] }, 1],
    [
      'several objects',
      [
        { id: 'm', score: tuple },
        { score: tuple, incidents: [[1, 2]] },
      ],
      2,
    ],
    ['numeric keys', { 0: { score: tuple }, 1: { stats: [] } }, 1],
    ['no score', ['m', [[1, 2, 3]]], 0],
  ])('are found in %s', (_what, message, count) => {
    expect(scoresIn(JSON.stringify(message))).toHaveLength(count);
  });
});
