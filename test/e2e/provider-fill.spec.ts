import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../examples/host/environment.js';
import { ProviderFill } from '../../examples/host/provider-fill.js';
import { type RunningHost, startHost } from '../../examples/host/start-host.js';
import { TournamentProvider } from '../../examples/host/tournament-provider.js';
import { plannedStarts, type ReplayOptions, replayTournament } from '../../src/replay/index.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { rowsOf, takesTheFeed } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const RUN = 'fillrun01';

describe('an empty database beside a provider', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let provider: TournamentProvider;
  let fill: ProviderFill;
  let host: RunningHost;
  let replay: ReplayOptions;

  beforeAll(async () => {
    [broker, database, provider] = await Promise.all([
      startBroker(),
      createTestDatabase({ migrate: false, platformSchema: false }),
      TournamentProvider.start({ file: 'examples/data/worldcup-2022.json', run: RUN }),
    ]);
    const addresses = { databaseUrl: database.url, mqttUrl: broker.url, port: 0, ...provider.environment };
    host = await startHost(
      { ...readEnvironment({}), ...addresses, sync: 'on', providerRate: 50, providerBurst: 50 },
      {
        logLevels: [],
        prepare: async () => {
          provider.fill(plannedStarts(Date.now()));
          fill = await ProviderFill.before(database.url, provider);
        },
      },
    );
    await takesTheFeed(host);
    const matches = provider.tournament.matches.slice(2, 4);
    replay = {
      tournament: { ...provider.tournament, matches },
      run: RUN,
      fixtures: 'present',
      // slow enough to be seen being played: a match that is over at its first commit may have been awarded
      rate: 40,
      mqttUrl: broker.url,
      databaseUrl: database.url,
      onPublished: (payload) => provider.follow(payload),
    };
  });

  afterAll(async () => {
    await host.close();
    await Promise.all([broker.stop(), database.drop(), provider.close()]);
  });

  it('gets teams with logos, the competition and the fixtures from it, with nobody else inserting a row', async () => {
    const filled = await fill.complete(AbortSignal.timeout(90_000));
    expect(filled).toMatchObject({ wasEmpty: true, teams: 32, logos: 32, competitions: 1, fixtures: 64 });
    expect(filled.requests).toBeGreaterThanOrEqual(3);
  });

  it('has the fixtures of a replay, which plays them by their place in the tournament', async () => {
    const wsUrl = `${host.url.replace('http', 'ws')}/ws`;
    const summary = await replayTournament({ ...replay, wsUrl, verify: true, predictions: true });
    expect(summary).toMatchObject({ run: RUN, matches: 2, wrongRows: [], duplicateAnnouncements: 0 });
    expect(summary.settlement).toMatchObject({ predictions: 42, wrong: 0 });
    const [match] = (await (await fetch(`${host.url}/api/matches/finished`)).json()) as Record<string, unknown>[];
    expect(match).toMatchObject({ homeLogo: expect.stringMatching(/^data:image\/svg/), awayLogo: expect.any(String) });
    const ended = await rowsOf(database.url, 'SELECT external_id AS id FROM ts_matches WHERE status_id = 8 ORDER BY 1');
    expect(ended).toEqual([{ id: `${RUN}m00002` }, { id: `${RUN}m00003` }]);
  });

  it('is no place for a replay whose fixtures it lacks', async () => {
    const strange = replayTournament({ ...replay, run: 'otherrun1' });
    await expect(strange).rejects.toMatchObject({ code: 'LIVESCORE_REPLAY_FIXTURES' });
    await expect(replayTournament({ ...replay, run: 'short' })).rejects.toMatchObject({
      code: 'LIVESCORE_REPLAY_OPTIONS',
    });
  });
});
