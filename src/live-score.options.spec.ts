import { afterEach, describe, expect, it } from '@jest/globals';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { getDataSourceToken } from '@nestjs/typeorm';
import { BroadcastModule } from './broadcast/broadcast.module.js';
import { MatchCacheModule } from './cache/cache.module.js';
import { DeadLettersModule } from './dead-letters/dead-letters.module.js';
import { FeedRecoveryModule } from './feed-recovery/feed-recovery.module.js';
import { HealthModule } from './health/health.module.js';
import { InvalidOptionError } from './kernel/livescore.errors.js';
import { LeaseModule } from './lease/lease.module.js';
import { LegacyScorePath } from './legacy-bridge/ports/legacy-score-path.js';
import { LiveScoreModule } from './live-score.module.js';
import { resolveLiveScoreOptions } from './live-score.options.js';
import { MqttIngestModule } from './mqtt-ingest/mqtt-ingest.module.js';
import { PostgresModule } from './postgres/postgres.module.js';
import { ProviderModule } from './provider/provider.module.js';
import { RolloutModule } from './rollout/rollout.module.js';
import { ScoreWriterModule } from './score-writer/score-writer.module.js';

interface WithOptions {
  forRoot(options?: object): DynamicModule;
  forRootAsync(options: { readonly useFactory: () => object }): DynamicModule;
}

const FEATURES: readonly WithOptions[] = [
  PostgresModule,
  LeaseModule,
  DeadLettersModule,
  ScoreWriterModule,
  RolloutModule,
  ProviderModule,
  FeedRecoveryModule,
  MqttIngestModule,
  MatchCacheModule,
  BroadcastModule,
  HealthModule,
];

const dataSource = {
  provide: getDataSourceToken(),
  useValue: { options: { type: 'postgres', host: '127.0.0.1', port: 1, database: 'nobody-is-there' } },
};
/** A rollout without any legacy path refuses to boot. */
const legacyPath = { provide: LegacyScorePath, useValue: {} };
/** Names a database to which nobody connects before the application starts. */
@Global()
@Module({ providers: [dataSource, legacyPath], exports: [dataSource, legacyPath] })
class HostDatabase {}

let app: TestingModule | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function compile(imports: readonly DynamicModule[]): Promise<TestingModule> {
  app = await Test.createTestingModule({ imports: [HostDatabase, ...imports] })
    .setLogger({ log: () => undefined, warn: () => undefined, error: () => undefined })
    .compile();
  return app;
}

async function refusal(imports: readonly DynamicModule[]): Promise<InvalidOptionError> {
  const error = await compile(imports).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InvalidOptionError);
  return error as InvalidOptionError;
}

describe('the options of every module', () => {
  it('may be left out altogether', async () => {
    await compile(FEATURES.map((feature) => feature.forRoot()));
    await app?.close();
    await compile(FEATURES.map((feature) => feature.forRootAsync({ useFactory: () => ({}) })));
    await app?.close();
    await compile([LiveScoreModule.forRoot()]);
  });

  it.each(FEATURES.map((feature) => [(feature as { name?: string }).name, feature] as const))(
    'stop the boot in the same way in both forms: %s',
    async (name, feature) => {
      const bad = { nothingLikeIt: 1, norThat: 'x' };
      const needed = FEATURES.filter((other) => other !== feature).map((other) => other.forRoot());
      const sync = await refusal([...needed, feature.forRoot(bad)]);
      const later = await refusal([...needed, feature.forRootAsync({ useFactory: () => bad })]);
      expect(sync.message).toBe(later.message);
      expect(sync.faults.map(({ module, option }) => [module, option])).toEqual([
        [name, 'nothingLikeIt'],
        [name, 'norThat'],
      ]);
    },
  );
});

describe('the options of LiveScoreModule', () => {
  const bad = { mqtt: { qos: 2, keepaliveS: 0 }, writer: { batchSize: 0 }, health: { service: '' }, brodcast: {} };

  it('tell the faults of all features at once, in both forms', async () => {
    const sync = await refusal([LiveScoreModule.forRoot(bad as object)]);
    const later = await refusal([LiveScoreModule.forRootAsync({ useFactory: async () => bad as object })]);
    expect(sync.message).toBe(later.message);
    expect(sync.faults.map(({ module, option }) => `${module}.${option}`)).toEqual([
      'LiveScoreModule.brodcast',
      'MqttIngestModule.qos',
      'MqttIngestModule.keepaliveS',
      'ScoreWriterModule.batchSize',
      'HealthModule.service',
    ]);
  });

  it('stand in the result of the factory, extras beside it, and unknown names nowhere', async () => {
    const misplaced = { useFactory: () => ({}), healthRoute: false, mqtt: {} };
    expect(() => LiveScoreModule.forRootAsync(misplaced)).toThrow(
      /"healthRoute" must be left out, .* did you mean "healthRoutes".*\n.*"mqtt" must be left out/,
    );
    expect(() => HealthModule.forRootAsync({ useFactory: () => ({}), metrics: true })).not.toThrow();
  });

  it('have extras that are true or false: the text "false" is no yes; told with everything else that is wrong', async () => {
    const extras = { withRollout: 'false', metricsRoute: 'yes' };
    const sync = await refusal([LiveScoreModule.forRoot({ ...extras, writer: { batchSize: 0 } } as object)]);
    const factory = { useFactory: () => ({ writer: { batchSize: 0 } }), ...extras };
    const later = await refusal([LiveScoreModule.forRootAsync(factory as object)]);
    expect(sync.message).toBe(later.message);
    expect(sync.faults.map(({ option }) => option)).toEqual(['metricsRoute', 'withRollout', 'batchSize']);
  });

  it.each([
    [{ mqtt: { url: 'mqtts://b', tls: { caa: 'x' } } }, 'MqttIngestModule.tls.caa'],
    [{ postgres: { connection: { hots: 'db' } } }, 'PostgresModule.connection.hots'],
    [{ postgres: { connection: 'postgres://db', pool: 3 } }, 'PostgresModule.pool'],
  ])('have no unknown names inside, either: %j', async (options, name) => {
    const { faults } = await refusal([LiveScoreModule.forRoot(options as object)]);
    expect(faults.map(({ module, option }) => `${module}.${option}`)).toEqual([name]);
  });

  it.each(['postgres://u:a/Hidden7@db/x', { connectionString: 'postgres://u:a#Hidden7@db/x' }])(
    'have an address of the database that can be read, of which nothing is repeated: %j',
    async (connection) => {
      const { faults, message } = await refusal([LiveScoreModule.forRoot({ postgres: { connection } })]);
      expect(faults.map(({ module, option }) => `${module}.${option}`)).toEqual(['PostgresModule.connection']);
      expect(message).not.toContain('Hidden7');
    },
  );

  it('are checked for the rollout where there is one', () => {
    const options = { rollout: { pollMs: 0, watch: { limits: { maxP95: 5 } } } };
    expect(() => resolveLiveScoreOptions(options as object)).not.toThrow();
    const resolve = () => resolveLiveScoreOptions(options as object, { withRollout: true });
    expect(resolve).toThrow(/RolloutModule: option "pollMs".*\n.*"watch\.limits\.maxP95" .*did you mean "maxP95Ms"/);
  });
});
