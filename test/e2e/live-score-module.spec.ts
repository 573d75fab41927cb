import { afterEach, describe, expect, it } from '@jest/globals';
import { type DynamicModule, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  CachedReads,
  CommittedChanges,
  connectLiveScoreFeed,
  InvalidOptionError,
  type Liveness,
  LiveScoreModule,
  type LiveScoreOptions,
  MqttFeedStatus,
  ScoreWriter,
  UpdateSink,
} from '../../src/index.js';
import { ResolvedLogsOptions } from '../../src/kernel/logs.options.js';
import { RolloutState } from '../../src/rollout/index.js';
import { startBroker } from '../support/broker.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

describe('LiveScoreModule', () => {
  let app: INestApplication | undefined;
  const options: LiveScoreOptions = { postgres: { connection: 'postgres://postgres@127.0.0.1:1/nobody-is-there' } };
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  async function start(module: DynamicModule): Promise<string> {
    app = await NestFactory.create(module, { logger: false, abortOnError: false, forceCloseConnections: true });
    await app.listen(0, '127.0.0.1');
    return app.getUrl();
  }

  it('gives its services to the whole host', async () => {
    @Module({ imports: [LiveScoreModule.forRoot(options)] })
    class HostModule {}
    await start({ module: HostModule });
    for (const service of [CachedReads, CommittedChanges, MqttFeedStatus, ScoreWriter, UpdateSink]) {
      expect(app?.get(service, { strict: false })).toBeInstanceOf(service);
    }
  });

  it('asks an asynchronous factory once, and its answer reaches every feature', async () => {
    const broker = await startBroker();
    let asked = 0;
    const url = await start(
      LiveScoreModule.forRootAsync({
        useFactory: async () => {
          asked += 1;
          return {
            ...options,
            mqtt: { url: broker.url, topics: ['some/topic'] },
            // without a database nobody could hold it
            lease: { enabled: false },
            broadcast: { path: '/live' },
            health: { service: 'scores' },
          };
        },
        metricsRoute: true,
      }),
    );
    if (app) await connectLiveScoreFeed(app);
    const feed = app?.get(MqttFeedStatus, { strict: false });
    await eventually(() => feed?.grantedQos['some/topic'] === 0, { what: 'the subscription' });
    const stateOf = async () => ((await (await fetch(`${url}/health`)).json()) as Liveness).feed?.state;
    await eventually(async () => (await stateOf()) === 'live', { what: 'a live feed' });
    expect(asked).toBe(1);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
      service: 'scores',
      feed: {
        connected: true,
        state: 'live',
        recovery: { state: 'off', last_at: null, last_error: null },
        delivery: { asked_qos: 0, granted_qos: { 'some/topic': 0 }, session_present: false, effective: 'at-most-once' },
        live_matches: null,
      },
      provider: { enabled: false },
      accounting: { received: 0, unaccounted: 0 },
    });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('livescore_messages_total');
    await app?.close();
    app = undefined;
    await broker.stop();
  });

  it.each<[string, LiveScoreOptions, string]>([
    ['its own', { health: { service: 'scores' }, logs: { service: 'lines' } }, 'lines'],
    ['that of health', { health: { service: 'scores' }, logs: { format: 'text' } }, 'scores'],
    [
      'that of health, when its own is undefined',
      { health: { service: 'scores' }, logs: { service: undefined } },
      'scores',
    ],
    ['the default', { logs: { service: undefined } }, 'goalgpt-dashboard'],
  ])('gives log lines %s as service', async (_whose, given, service) => {
    await start(LiveScoreModule.forRoot({ ...options, ...given }));
    expect(app?.get(ResolvedLogsOptions, { strict: false })).toMatchObject({ ...given.logs, service });
  });

  it('leaves health to the host on request', async () => {
    const url = await start(LiveScoreModule.forRoot({ ...options, healthRoutes: false }));
    for (const path of ['/health', '/ready', '/metrics', '/livescore/explain/m1']) {
      expect((await fetch(url + path)).status).toBe(404);
    }
  });

  it.each<[string, LiveScoreOptions]>([
    ['MqttIngestModule', { mqtt: { url: 'http://broker' } }],
    ['PostgresModule', { postgres: { poolSize: 0 } }],
    ['DeadLettersModule', { deadLetters: { maxRowsPerReason: 0 } }],
    ['ScoreWriterModule', { writer: { batchSize: 0 } }],
    ['MatchCacheModule', { cache: { matchTtlMs: 0 } }],
    ['BroadcastModule', { broadcast: { path: 'ws' } }],
    ['FeedRecoveryModule', { recovery: { lagMs: 0 } }],
    ['HealthModule', { health: { service: '' } }],
  ])('refuses a bad option at boot and names %s', async (name, bad) => {
    const starting = start(LiveScoreModule.forRootAsync({ useFactory: () => ({ ...options, ...bad }) }));
    await expect(starting).rejects.toThrow(InvalidOptionError);
    await expect(starting).rejects.toThrow(name);
  });

  it('takes the rollout in on request only', async () => {
    const bad = { ...options, rollout: { pollMs: 0 } };
    await start(LiveScoreModule.forRoot(bad));
    const state = () => app?.get(RolloutState, { strict: false });
    expect(state).toThrow();
    await app?.close();
    app = undefined;
    await expect(start(LiveScoreModule.forRoot({ ...bad, withRollout: true }))).rejects.toThrow('RolloutModule');
    const withRollout = { ...options, withRollout: true } as const;
    await expect(start(LiveScoreModule.forRoot(withRollout))).rejects.toMatchObject({
      code: 'LIVESCORE_LEGACY_PATH_MISMATCH',
    });
    await start(LiveScoreModule.forRoot({ ...withRollout, rollout: { legacy: 'none' } }));
    expect(state()?.stage).toBe('direct');
  });

  it('lives beside a second application in the same process', async () => {
    const first = await start(LiveScoreModule.forRoot({ ...options, health: { service: 'first' } }));
    const other = await NestFactory.create(LiveScoreModule.forRoot({ ...options, health: { service: 'second' } }), {
      logger: false,
      forceCloseConnections: true,
    });
    await other.listen(0, '127.0.0.1');
    expect(await (await fetch(`${first}/health`)).json()).toMatchObject({ service: 'first' });
    expect(await (await fetch(`${await other.getUrl()}/health`)).json()).toMatchObject({ service: 'second' });
    expect(other.get(CommittedChanges, { strict: false })).not.toBe(app?.get(CommittedChanges, { strict: false }));
    await other.close();
  });
});
