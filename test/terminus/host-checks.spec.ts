import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, type INestApplication, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { HealthCheck, HealthCheckService, HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { HealthModule } from '../../src/health/health.module.js';
import { InvalidOptionError } from '../../src/kernel/livescore.errors.js';
import { DatabaseIndicator, type HostCheck, LiveScoreTerminusModule } from '../../src/terminus/index.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const SECRETS = 'postgres://bob:hunter2@db.internal:5432 says SELECT 1';
const adapters = [
  ['Express', () => undefined],
  ['Fastify', () => new FastifyAdapter()],
] as const;

describe.each(adapters)("the host's own checks, on %s", (_name, adapter) => {
  let app: INestApplication | undefined;
  let url = '';
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  async function start(checks: Record<string, HostCheck>, checkTimeoutMs?: number): Promise<void> {
    @Module({
      imports: [
        HealthModule.forRoot(),
        LiveScoreTerminusModule.forRootAsync({ useFactory: () => ({ checks, checkTimeoutMs }) }),
      ],
    })
    class HostModule {}
    const http = adapter();
    const options = { logger: false, abortOnError: false, forceCloseConnections: true } as const;
    app = http ? await NestFactory.create(HostModule, http, options) : await NestFactory.create(HostModule, options);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  }

  const ask = async (path: string) => {
    const answer = await fetch(url + path);
    return { status: answer.status, text: await answer.text() };
  };

  const result = (status: 'up' | 'down' | 'degraded', facts: object = {}) => ({ own: { status, ...facts } });

  it('make the host unready when one is down, and tell nothing but its name', async () => {
    let status: 'up' | 'down' | 'degraded' = 'up';
    const lines: unknown[] = [];
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation((...line: unknown[]) => void lines.push(line));
    }
    await start({ queue: () => result(status, { message: SECRETS }), disk: () => result('up') });
    expect(await ask('/ready')).toMatchObject({ status: 200, text: expect.stringContaining('"queue":"up"') });
    status = 'degraded';
    expect((await ask('/ready')).status).toBe(200);
    status = 'down';
    const { status: code, text } = await ask('/health/ready');
    expect(code).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ ok: false, db: { ok: true }, checks: { queue: 'down', disk: 'up' } });
    await ask('/ready');
    expect(text + JSON.stringify(lines)).not.toMatch(/hunter2|db\.internal|SELECT/);
    const events = lines.flat().filter((one) => JSON.stringify(one).includes('health.ready.failed'));
    expect(events).toHaveLength(1);
    const health = await ask('/health');
    expect(health.status).toBe(200);
    expect(health.text).toContain('"ok":true');
    expect(health.text).toContain('"status":"healthy"');
    jest.restoreAllMocks();
  });

  it('are down when they throw, whatever they throw', async () => {
    const throwing = [new Error(SECRETS), SECRETS, null, { getResponse: () => SECRETS }, { getResponse: 1 }];
    const checks = throwing.map((error, n): [string, HostCheck] => [
      `check${n}`,
      () => {
        throw error;
      },
    ]);
    await start(Object.fromEntries(checks));
    const { status, text } = await ask('/ready');
    expect(status).toBe(503);
    const all = Object.fromEntries(checks.map(([name]) => [name, 'down']));
    expect(JSON.parse(text)).toMatchObject({ ok: false, checks: all });
    expect(text).not.toMatch(/hunter2/);
  });

  it('are down when they are late, and do not run a second time meanwhile', async () => {
    let started = 0;
    let hangs = true;
    let end: (value: ReturnType<typeof result>) => void = () => undefined;
    const slow = () => {
      started += 1;
      if (!hangs) return result('up');
      return new Promise<ReturnType<typeof result>>((resolve) => {
        end = resolve;
      });
    };
    await start({ slow }, 50);
    const answers = await Promise.all([ask('/ready'), ask('/ready'), ask('/health/ready')]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(started).toBe(1);
    hangs = false;
    end(result('up'));
    const isWell = async () => (await ask('/ready')).status === 200;
    await eventually(isWell, { what: 'the check to be well again' });
  });

  it('stand beside a controller of the host with the indicators of the package', async () => {
    @Controller('own')
    class OwnController {
      constructor(
        private readonly health: HealthCheckService,
        private readonly database: DatabaseIndicator,
      ) {}

      @Get()
      @HealthCheck()
      check() {
        return this.health.check([() => this.database.isHealthy()]);
      }
    }
    @Module({
      imports: [TerminusModule, HealthModule.forRoot(), LiveScoreTerminusModule.forRoot()],
      controllers: [OwnController],
    })
    class HostModule {}
    const http = adapter();
    const options = { logger: false, forceCloseConnections: true } as const;
    app = http ? await NestFactory.create(HostModule, http, options) : await NestFactory.create(HostModule, options);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    expect(app.get(HealthIndicatorService, { strict: false })).toBeDefined();
    const { status, text } = await ask('/own');
    expect(status).toBe(200);
    expect(JSON.parse(text).details).toEqual({ livescore_database: { status: 'up', present: false } });
  });

  it('are checked at boot', async () => {
    for (const checks of [{ 'a b': () => result('up') }, { queue: 'up' }, null]) {
      const starting = start(checks as never);
      await expect(starting).rejects.toThrow(InvalidOptionError);
    }
  });
});
