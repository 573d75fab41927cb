import { afterEach, describe, expect, it } from '@jest/globals';
import { type INestApplication, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { LiveScoreModule, Readiness, type ReadinessReport } from '../../src/index.js';
import { createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { TcpGate } from '../support/tcp-gate.js';

guardAgainstLeaks();

const PATHS = ['/ready', '/health/ready', '/api/ready', '/api/health/ready'];

describe('GET /ready', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    Logger.overrideLogger(['log', 'warn', 'error', 'fatal']);
  });

  async function start(connection: string, fastify?: FastifyAdapter): Promise<INestApplication> {
    const module = LiveScoreModule.forRoot({ postgres: { connection }, health: { service: 'scores' } });
    const options = { logger: false, abortOnError: false, forceCloseConnections: true } as const;
    const app = fastify
      ? await NestFactory.create(module, fastify, options)
      : await NestFactory.create(module, options);
    app.setGlobalPrefix('api');
    await app.listen(0, '127.0.0.1');
    cleanups.push(() => app.close());
    return app;
  }

  it.each([
    ['Express', undefined],
    ['Fastify', () => new FastifyAdapter()],
  ])('turns 503 when the database is away and recovers by itself, on %s', async (_name, fastify) => {
    const database = await createTestDatabase();
    cleanups.push(() => database.drop());
    const gate = new TcpGate(new URL(database.url));
    await gate.open();
    cleanups.push(() => gate.shut());
    const app = await start(gate.url, fastify?.());
    const url = await app.getUrl();
    const ask = async (path = '/ready') => {
      const answer = await fetch(url + path);
      return { status: answer.status, report: (await answer.json()) as ReadinessReport };
    };

    // the database may be late on a busy machine, which is no fault of it
    const askWhenInTime = async (path: string) => {
      let answer = await ask(path);
      const isInTime = async () => {
        if (/^no answer within/.test(answer.report.db.error ?? '')) answer = await ask(path);
        return !/^no answer within/.test(answer.report.db.error ?? '');
      };
      await eventually(isInTime, { what: 'an answer of the database' });
      return answer;
    };

    await eventually(async () => (await ask()).report.standby === false, { what: 'the lease' });
    for (const path of PATHS) {
      const { status, report } = await askWhenInTime(path);
      expect({ path, status }).toEqual({ path, status: 200 });
      expect(report).toEqual({
        ok: true,
        service: 'scores',
        uptime_s: expect.any(Number),
        db: { ok: true },
        feed: { state: 'down' },
        standby: false,
        draining: false,
        time: { now: expect.any(Number) },
      });
    }

    await gate.shut();
    await eventually(async () => (await ask()).status === 503, { what: 'the loss to be told' });
    for (const path of PATHS) {
      const { status, report } = await ask(path);
      expect({ path, status }).toEqual({ path, status: 503 });
      expect(report).toMatchObject({ ok: false, db: { ok: false, error: expect.any(String) } });
    }
    expect((await fetch(`${url}/health`)).status).toBe(200);

    await gate.open();
    await eventually(async () => (await ask()).status === 200, { what: 'the recovery' });
  });

  it('is ready as a standby, and says so; not while it ends', async () => {
    const database = await createTestDatabase();
    cleanups.push(() => database.drop());
    const holder = await start(database.url);
    const readinessOf = (app: INestApplication) => app.get(Readiness, { strict: false });
    await eventually(async () => (await readinessOf(holder).report()).standby === false, { what: 'the lease' });
    const standby = await NestFactory.create(
      LiveScoreModule.forRoot({ postgres: { connection: database.url }, lease: { holder: 'another' } }),
      { logger: false },
    );
    cleanups.push(() => standby.close());
    await standby.init();
    const isReady = async () => (await readinessOf(standby).report()).ok;
    await eventually(isReady, { what: 'a ready standby' });
    expect(await readinessOf(standby).report()).toMatchObject({ standby: true });
    await standby.close();
    expect(await readinessOf(standby).report()).toMatchObject({ ok: false, draining: true });
  });
});
