import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Global, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Liveness, LiveScoreModule, type LiveScoreOptions } from '../../src/index.js';
import { LegacyFeedHandler } from '../../src/rollout/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

const handler = { provide: LegacyFeedHandler, useValue: { handle: async () => undefined } };
@Global()
@Module({ providers: [handler], exports: [handler] })
class LegacyHandler {}

let database: TestDatabase;
let free: INestApplication;
let killed: INestApplication;

const environment = (more: object = {}) => ({ DATABASE_URL: database.url, ...more });

async function start(options: LiveScoreOptions): Promise<INestApplication> {
  const all = { postgres: { connection: database.url }, ...options, withRollout: true };
  @Module({ imports: [LegacyHandler, LiveScoreModule.forRoot(all)] })
  class HostModule {}
  const app = await NestFactory.create(HostModule, { logger: false, abortOnError: false, forceCloseConnections: true });
  await app.listen(0, '127.0.0.1');
  return app;
}

async function stageOf(app: INestApplication): Promise<Liveness['rollout']> {
  const answer = await fetch(`${await app.getUrl()}/health`);
  return ((await answer.json()) as Liveness).rollout;
}

describe('hosts on one database', () => {
  beforeAll(async () => {
    database = await createTestDatabase();
    free = await start({ lease: { holder: 'free' } });
    killed = await start({
      lease: { holder: 'killed' },
      rollout: { killSwitch: true, maxStage: 'canary' },
      health: { internalSecret: 'told by hand' },
    });
    await runCli(['stage', 'set', 'direct', '--reason', 'test', '--by', 'anna'], environment());
  });
  afterAll(async () => {
    await killed?.close();
    await free?.close();
    await database.drop();
  });

  describe('what each host makes of the stage', () => {
    it('is in its health', async () => {
      await eventually(async () => (await stageOf(free))?.stage === 'direct', { what: 'the stage' });
      expect(await stageOf(free)).toEqual({ stage: 'direct', percent: 100, kill_switch: false, max_stage: 'direct' });
      expect(await stageOf(killed)).toMatchObject({ stage: 'legacy', kill_switch: true, max_stage: 'canary' });
    });

    it('is told by `stage get`, as text and as JSON', async () => {
      const text = async () => (await runCli(['stage', 'get'], environment())).stdout;
      const isTold = async () => {
        const told = await text();
        expect(told).toMatch(/host +free: direct$/m);
        expect(told).toMatch(
          /host +killed: legacy, KILL SWITCH: everything is legacy here, LIVESCORE_MAX_STAGE: canary at most/,
        );
        return true;
      };
      await eventually(isTold, { what: 'the rows of the hosts' });
      const { stdout } = await runCli(['stage', 'get', '--json'], environment());
      expect(JSON.parse(stdout).hosts).toEqual({
        free: { stage: 'direct', percent: 100, kill_switch: false, max_stage: 'direct' },
        killed: expect.objectContaining({ kill_switch: true, max_stage: 'canary' }),
      });
      expect(stdout).not.toContain('key');
    });

    it('is forgotten when the host ends', async () => {
      const third = await start({ lease: { holder: 'third' } });
      const hosts = () => rowsOf(database.url, `SELECT host FROM livescore_host WHERE host = 'third'`);
      await eventually(async () => (await hosts()).length === 1, { what: 'the row' });
      await third.close();
      expect(await hosts()).toEqual([]);
    });
  });

  describe('livescore explain', () => {
    const explain = async (app: INestApplication, env: Record<string, string>) =>
      runCli(['explain', 'm1', '--json', '--url', await app.getUrl()], env);
    const known = { exitCode: 1, stderr: 'Nothing is known of match "m1": no frame of it has been judged.' };

    it('takes the key of the host from the database', async () => {
      for (const app of [free, killed]) expect(await explain(app, environment())).toMatchObject(known);
    });

    it('takes the secret from the environment', async () => {
      expect(await explain(killed, { LIVESCORE_INTERNAL_SECRET: 'told by hand' })).toMatchObject(known);
    });

    it.each<[string, Record<string, string>]>([
      ['no secret', {}],
      ['a wrong one', { LIVESCORE_INTERNAL_SECRET: 'wrong' }],
    ])('with %s says what to set', async (_, env) => {
      const { exitCode, stderr } = await explain(killed, env);
      expect([exitCode, stderr]).toEqual([
        2,
        expect.stringMatching(/set LIVESCORE_INTERNAL_SECRET .* or DATABASE_URL/),
      ]);
    });
  });
});
