import { afterEach, describe, expect, it } from '@jest/globals';
import {
  All,
  type CallHandler,
  type CanActivate,
  Controller,
  type DynamicModule,
  Get,
  type INestApplication,
  Module,
  type NestInterceptor,
  type Type,
  VersioningType,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { map } from 'rxjs';
import { HealthModule } from '../../src/health/health.module.js';
import { HealthReport } from '../../src/health/health-report.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

class NobodyPasses implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

class Wrapping implements NestInterceptor {
  intercept(_: unknown, next: CallHandler) {
    return next.handle().pipe(map((data: unknown) => ({ success: true, data })));
  }
}

@Controller()
class CatchAll {
  @All('*')
  everything(): object {
    return { page: 'of the host' };
  }
}

@Controller('health')
class HostHealth {
  @Get()
  health(): object {
    return { mine: true };
  }
}

@Controller({ path: 'livescore/explain', version: '1' })
class HostExplain {
  @Get(':id')
  explain(): object {
    return { mine: true };
  }
}

const SECRET = { 'x-internal-secret': 'secret' };
const PREFIXES = ['', '/api'];
const health = () => HealthModule.forRoot({ metrics: true, service: 'scores', internalSecret: 'secret' });

describe.each([
  ['Express', undefined],
  ['Fastify', () => new FastifyAdapter()],
] as const)('the routes of the package on %s', (_name, fastify) => {
  let app: INestApplication | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  async function start(
    imports: DynamicModule[],
    controllers: Type[],
    prepare: (app: INestApplication) => void,
  ): Promise<string> {
    @Module({ imports, controllers })
    class HostModule {}
    const options = { logger: false, abortOnError: false, forceCloseConnections: true } as const;
    const created = fastify
      ? await NestFactory.create(HostModule, fastify(), options)
      : await NestFactory.create(HostModule, options);
    prepare(created);
    await created.listen(0, '127.0.0.1');
    app = created;
    return created.getUrl();
  }

  const strict = (one: INestApplication) => {
    one.setGlobalPrefix('api');
    one.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
    one.useGlobalGuards(new NobodyPasses());
    one.useGlobalInterceptors(new Wrapping());
  };

  it('answer, unwrapped, behind guard, interceptor, prefix and versioning, with and without the prefix', async () => {
    const url = await start([health()], [CatchAll], strict);
    expect((await fetch(`${url}/api/v1/other`)).status).toBe(403);
    for (const prefix of PREFIXES) {
      const live = await fetch(`${url}${prefix}/health`);
      expect([live.status, live.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(await live.text()).toMatch(/^\{"ok":true,"status":"healthy","service":"scores"/);
      for (const path of ['/ready', '/health/ready']) {
        const ready = await fetch(`${url}${prefix}${path}`);
        expect([ready.status, await ready.json()]).toEqual([200, expect.objectContaining({ ok: true })]);
      }
      const metrics = await fetch(`${url}${prefix}/metrics`);
      expect(metrics.headers.get('content-type')).toContain('text/plain; version=0.0.4');
      expect(await metrics.text()).toMatch(/^# HELP/);
    }
  });

  it('come before a catch-all of the host without a prefix', async () => {
    const url = await start([health()], [CatchAll], () => undefined);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ ok: true });
    expect(await (await fetch(`${url}/anything`)).json()).toEqual({ page: 'of the host' });
  });

  it('explain to those who know the secret, and to nobody else', async () => {
    const url = await start([health()], [], strict);
    for (const prefix of PREFIXES) {
      const path = `${url}${prefix}/livescore/explain/m%201`;
      const told = await fetch(path, { headers: SECRET });
      expect([told.status, await told.json()]).toEqual([
        200,
        { matchId: 'm 1', disputed: false, feed: null, decisions: [] },
      ]);
      expect((await fetch(path)).status).toBe(404);
      expect((await fetch(path, { headers: { 'x-internal-secret': 'wrong!' } })).status).toBe(404);
    }
  });

  it.each<[string, Type, (app: INestApplication) => void, RegExp]>([
    ['of a controller', HostHealth, () => undefined, /the host answers GET \/health, too/],
    ['under the prefix', HostHealth, (one) => one.setGlobalPrefix('/api/'), /the host answers GET \/api\/health, too/],
    ['with a parameter of another name', HostExplain, () => undefined, /GET \/livescore\/explain\/:matchId, too/],
  ])('stop the boot where the host has one of them: %s', async (_what, controller, prepare, message) => {
    await expect(start([health()], [controller], prepare)).rejects.toThrow(message);
  });

  it('are none where the host answers itself', async () => {
    const url = await start([HealthModule.forRoot({ controller: false })], [HostHealth], () => undefined);
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ mine: true });
    expect((await fetch(`${url}/ready`)).status).toBe(404);
    expect(app?.get(HealthReport).liveness().ok).toBe(true);
  });

  it('are no duplicate of a route of another version or place', async () => {
    const url = await start([health()], [HostExplain, HostHealth], (one) =>
      one.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
    );
    expect(await (await fetch(`${url}/v1/health`)).json()).toEqual({ mine: true });
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ ok: true });
  });
});
