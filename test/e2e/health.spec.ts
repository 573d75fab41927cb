import { afterEach, describe, expect, it } from '@jest/globals';
import { type DynamicModule, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
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

  async function start(health: DynamicModule, prefix?: string, fastify?: FastifyAdapter) {
    @Module({ imports: [health] })
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
