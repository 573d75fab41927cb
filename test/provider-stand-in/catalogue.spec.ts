import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readTournament } from '../../src/replay/index.js';
import { runIds } from '../../src/replay/run-identity.js';
import {
  fillCatalogue,
  PROVIDER_ENTITY_KINDS,
  PROVIDER_ENTITY_LISTS,
  type ProviderStandIn,
  startProviderStandIn,
  tournamentCatalogue,
} from '../../src/testing/index.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { ask, everyId } from './ask.js';

guardAgainstLeaks();

let standIn: ProviderStandIn;
beforeEach(async () => {
  standIn = await startProviderStandIn();
});
afterEach(() => standIn.close());

const everyRow = () =>
  PROVIDER_ENTITY_KINDS.flatMap((kind) =>
    standIn.entities.ids(kind).map((id) => standIn.entities.get(kind, id) ?? { id }),
  );

describe('a generated catalogue', () => {
  it('is the same with the same seed, another one with another', async () => {
    const sizes = fillCatalogue(standIn, { rows: 500, seed: 7 });
    const first = everyRow();
    expect([first.length, sizes.player]).toEqual([500, expect.any(Number)]);
    fillCatalogue(standIn, { rows: 500, seed: 7 });
    expect(everyRow()).toEqual(first);
    fillCatalogue(standIn, { rows: 500, seed: 8 });
    expect(everyRow()).not.toEqual(first);
  });

  it('refers to rows of its own, with the odd values of the provider', () => {
    fillCatalogue(standIn, { rows: 2_000, oldestS: 100, newestS: 200 });
    const players = standIn.entities.ids('player').map((id) => standIn.entities.get('player', id));
    const teams = new Set(standIn.entities.ids('team'));
    const strays = players.filter((player) => !teams.has(String(player?.team_id)));
    expect(new Set(strays.map((player) => player?.team_id))).toEqual(new Set(['0', '']));
    const logos = standIn.entities
      .ids('competition')
      .map((id) => 'logo' in (standIn.entities.get('competition', id) ?? {}));
    expect(new Set(logos)).toEqual(new Set([true, false]));
    const times = everyRow().map(({ updated_at }) => Number(updated_at));
    expect([Math.min(...times) >= 100, Math.max(...times) <= 200]).toEqual([true, true]);
    expect(everyRow().every(({ id }) => /^[a-z0-9]{15}$/.test(id))).toBe(true);
  });

  it('has every entity, however small, but not smaller', () => {
    fillCatalogue(standIn, { rows: 10 });
    expect(PROVIDER_ENTITY_KINDS.map((kind) => standIn.entities.size(kind))).toEqual(Array(10).fill(1));
    expect(() => fillCatalogue(standIn, { rows: 9 })).toThrow('at least 10 rows, received 9');
  });
});

describe('the catalogue of a tournament', () => {
  it('is the World Cup: 32 teams with badges, 64 fixtures, told by the lists', async () => {
    const tournament = await readTournament('examples/data/worldcup-2022.json');
    standIn.fill(tournamentCatalogue(tournament, { run: 'run000001', firstKickoffAtS: 1_668_960_000 }));
    const { entities, fixtures } = standIn;
    expect([entities.size('team'), entities.size('competition'), fixtures.size]).toEqual([32, 1, 64]);
    const teams = (await ask(standIn, PROVIDER_ENTITY_LISTS.team)).body?.results as { name: string; logo: string }[];
    expect(teams.map(({ name }) => name)).toContain('Argentina');
    expect(teams.every(({ logo }) => logo.startsWith('data:image/svg+xml,') && logo.length < 500)).toBe(true);
    const matches = await everyId(standIn, '/match/recent/list');
    expect([matches[0], matches[63]]).toEqual(['run000001m00000', 'run000001m0001r']);
    expect(fixtures.get('run000001m00000')).toMatchObject({
      home_team_id: 'run000001t00000',
      away_team_id: 'run000001t00001',
      competition_id: 'run000001c00000',
      match_time: 1_668_960_000,
      status_id: 1,
    });
  });

  it('has the ids that a replay of the same run publishes', () => {
    const ids = runIds();
    const matches = [
      { home: 'A', away: 'B' },
      { home: 'C', away: 'A' },
    ];
    const { entities, fixtures } = tournamentCatalogue({ name: 'Cup', matches }, { run: ids.run });
    expect(fixtures.map(({ id }) => id)).toEqual([ids('m', 0), ids('m', 1)]);
    expect(entities.team?.map(({ id, name }) => [id, name])).toEqual([
      [ids('t', 0), 'A'],
      [ids('t', 1), 'B'],
      [ids('t', 2), 'C'],
    ]);
    expect(entities.competition?.map(({ id }) => id)).toEqual([ids('c', 0)]);
  });

  it('has the starts and the venues it is given, each venue once', () => {
    const venue = 'Al Bayt Stadium, Al Khor';
    const { entities, fixtures } = tournamentCatalogue({
      name: 'Cup',
      matches: [
        { home: 'A', away: 'B', kickoffAtS: 500, venue, round: 'Final' },
        { home: 'B', away: 'A', kickoffAtS: 900, venue },
      ],
    });
    expect(entities.venue).toMatchObject([{ id: 'worldcup0v00000', name: 'Al Bayt Stadium', city: 'Al Khor' }]);
    expect(entities.season).toMatchObject([{ start_time: 500, end_time: 900 }]);
    expect(entities.stage?.map(({ name }) => name)).toEqual(['Final', 'Cup']);
    expect(fixtures.map(({ match_time, venue_id }) => [match_time, venue_id])).toEqual([
      [500, 'worldcup0v00000'],
      [900, 'worldcup0v00000'],
    ]);
  });
});
