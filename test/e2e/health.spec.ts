import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, type DynamicModule, Get, type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AfterCommitModule } from '../../src/after-commit/after-commit.module.js';
import { HealthModule } from '../../src/health/health.module.js';
import { HealthReport } from '../../src/health/health-report.js';
import { InvalidOptionError } from '../../src/kernel/livescore.errors.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const adapters = [
  ['Express', undefined],
  ['Fastify', () => new FastifyAdapter()],
] as const;

describe('GET /health', () => {
  let app: INestApplication | undefined;
  afterEach(() => app?.close());

  async function start(health: DynamicModule, prefix?: string, fastify?: FastifyAdapter, others: readonly Type[] = []) {
    @Module({ imports: [health, ...others] })
    class HostModule {}
    const options = { logger: false, abortOnError: false, forceCloseConnections: true } as const;
    app = fastify
      ? await NestFactory.create(HostModule, fastify, options)
      : await NestFactory.create(HostModule, options);
    if (prefix) app.setGlobalPrefix(prefix);
    await app.listen(0, '127.0.0.1');
    return app.getUrl();
  }

  describe.each(adapters)('on %s', (_name, fastify) => {
    it('answers from memory with the text that deploy scripts search for', async () => {
      const url = await start(HealthModule.forRoot({ service: 'scores', commit: 'abc' }), undefined, fastify?.());
      const answer = await fetch(`${url}/health`);
      const text = await answer.text();
      expect(answer.status).toBe(200);
      expect(text).toContain('"ok":true');
      expect(JSON.parse(text)).toMatchObject({ service: 'scores', commit: 'abc', uptime_s: expect.any(Number) });
      expect(new Date(JSON.parse(text).timestamp).getTime()).toBeGreaterThan(0);
    });

    it('answers with and without the global prefix', async () => {
      const url = await start(HealthModule.forRoot(), 'api', fastify?.());
      for (const path of ['/health', '/api/health']) {
        const answer = await fetch(url + path);
        expect({ path, status: answer.status }).toEqual({ path, status: 200 });
        expect(await answer.json()).toMatchObject({ ok: true, service: 'goalgpt-server' });
      }
    });
  });

  describe.each(adapters)('behind the internal secret, on %s', (_name, fastify) => {
    const internal = ['/health/detailed', '/metrics/latency', '/livescore/explain/m1'];
    const withSecret = (secret: string) => ({ headers: { 'x-internal-secret': secret } });

    it('tells more to who shows it, and nothing to anybody else', async () => {
      const health = HealthModule.forRoot({ internalSecret: 'opened' });
      const url = await start(health, 'api', fastify?.(), [AfterCommitModule]);
      for (const path of [...internal, ...internal.map((one) => `/api${one}`)]) {
        const told = await fetch(url + path, withSecret('opened'));
        expect({ path, status: told.status }).toEqual({ path, status: 200 });
        expect(told.headers.get('cache-control')).toBe('no-store');
        for (const other of [{}, withSecret('openeD'), withSecret('')]) {
          const answer = await fetch(url + path, other);
          expect({ path, status: answer.status }).toEqual({ path, status: 404 });
          expect(await answer.json()).toEqual({ statusCode: 404, message: 'Not Found' });
        }
      }
    });

    it('says nothing of modules that the host does not have', async () => {
      const url = await start(HealthModule.forRoot({ internalSecret: 'opened' }), undefined, fastify?.());
      for (const path of ['/health/pool', '/sync/status', '/metrics/latency', '/metrics/websocket']) {
        expect((await fetch(url + path, withSecret('opened'))).status).toBe(404);
      }
    });

    it('tells the latencies of one event', async () => {
      const health = HealthModule.forRoot({ internalSecret: 'opened' });
      const url = await start(health, undefined, fastify?.(), [AfterCommitModule]);
      const ask = (query: string) => fetch(`${url}/metrics/latency${query}`, withSecret('opened'));
      const eventTypeOf = async (query: string) =>
        ((await (await ask(query)).json()) as { data: { stats: { eventType: string } } }).data.stats.eventType;
      expect(await eventTypeOf('?eventType=GOAL')).toBe('GOAL');
      expect(await eventTypeOf('')).toBe('ALL');
      for (const query of ['?eventType=a-b', '?eventType=', '?eventType=a&eventType=b', '?eventType=%3Cscript%3E']) {
        expect({ query, status: (await ask(query)).status }).toEqual({ query, status: 404 });
      }
    });

    it('moves routes, and leaves one out', async () => {
      const routes = { prefix: 'v2', health: 'healthz', ready: false } as const;
      const url = await start(HealthModule.forRoot({ routes }), 'api', fastify?.());
      const statusOf = async (path: string) => (await fetch(url + path)).status;
      expect(await statusOf('/v2/healthz')).toBe(200);
      expect(await statusOf('/api/v2/healthz')).toBe(200);
      expect(await statusOf('/v2/health/ready')).toBe(200);
      for (const path of ['/health', '/v2/health', '/ready', '/v2/ready']) {
        expect({ path, status: await statusOf(path) }).toEqual({ path, status: 404 });
      }
    });

    it('names a route that the host has, too, and the option that moves ours', async () => {
      @Controller('health')
      class HostHealth {
        @Get('detailed')
        detailed() {
          return {};
        }
      }
      @Module({ controllers: [HostHealth] })
      class OwnHealthModule {}
      const twice = start(HealthModule.forRoot(), undefined, fastify?.(), [OwnHealthModule]);
      await expect(twice).rejects.toThrow(/GET \/health\/detailed.*health\.routes/);
      app = undefined;
      const url = await start(HealthModule.forRoot({ routes: { detailed: false } }), undefined, fastify?.(), [
        OwnHealthModule,
      ]);
      expect(await (await fetch(`${url}/health/detailed`)).json()).toEqual({});
    });
  });

  it('refuses a path that is none at boot', async () => {
    const health = () => HealthModule.forRoot({ routes: { pool: 'a b' } });
    await expect(start(health())).rejects.toThrow(/option "routes.pool" must be a path/);
    app = undefined;
  });

  it('shows the metrics of the package when the host wants the route', async () => {
    const url = await start(HealthModule.forRootAsync({ useFactory: () => ({}), metrics: true }));
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toContain('livescore_messages_total 0');
  });

  it('leaves the routes to the host on request', async () => {
    const url = await start(HealthModule.forRoot({ controller: false }));
    expect((await fetch(`${url}/health`)).status).toBe(404);
    expect(app?.get(HealthReport).liveness().ok).toBe(true);
  });

  it('refuses a blank service name at boot', async () => {
    await expect(start(HealthModule.forRoot({ service: ' ' }))).rejects.toThrow(InvalidOptionError);
    app = undefined;
  });
});
