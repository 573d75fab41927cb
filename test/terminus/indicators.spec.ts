import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HealthIndicatorService } from '@nestjs/terminus';
import { HealthProbes } from '../../src/contracts/health-probe.js';
import { HealthModule } from '../../src/health/health.module.js';
import { TerminusAdapter } from '../../src/terminus/adapters/terminus/terminus-adapter.js';
import {
  BroadcastIndicator,
  DatabaseIndicator,
  FeedIndicator,
  LeaseIndicator,
  LiveScoreTerminusModule,
  PoolIndicator,
  ProviderIndicator,
  SyncIndicator,
  WritesIndicator,
} from '../../src/terminus/index.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const ALL = [
  BroadcastIndicator,
  DatabaseIndicator,
  FeedIndicator,
  LeaseIndicator,
  PoolIndicator,
  ProviderIndicator,
  SyncIndicator,
  WritesIndicator,
];
const FEED = {
  connected: true,
  subscribed: true,
  state: 'live',
  seconds_since_message: 4_000,
  messages_60s: 0,
} as const;
const PROVIDER = {
  enabled: true,
  last_success: null,
  last_error: null,
  paused_until: null,
  address_refused: false,
} as const;
const SECRETS = 'postgres://bob:hunter2@db.internal:5432';

describe('the indicators', () => {
  let app: INestApplicationContext | undefined;
  afterEach(() => app?.close());

  async function start(): Promise<INestApplicationContext> {
    @Module({ imports: [HealthModule.forRoot(), LiveScoreTerminusModule.forRoot()] })
    class HostModule {}
    app = await NestFactory.createApplicationContext(HostModule, { logger: false });
    return app;
  }

  async function verdicts(facts: object): Promise<Record<string, string>> {
    const { health = {}, ready = {}, internal = {} } = facts as Record<string, object>;
    const probes = (await start()).get(HealthProbes, { strict: false });
    jest.spyOn(probes, 'health').mockReturnValue(health);
    jest.spyOn(probes, 'ready').mockResolvedValue(ready);
    jest.spyOn(probes, 'internal').mockReturnValue(internal);
    const results = await Promise.all(ALL.map((one) => app?.get(one, { strict: false }).isHealthy()));
    const entries = results.flatMap((result) => Object.entries(result ?? {}));
    return Object.fromEntries(entries.map(([key, { status }]) => [key, status]));
  }

  it('have a key each, and are up in a host without the modules they speak of', async () => {
    expect(await verdicts({})).toEqual({
      livescore_broadcast: 'up',
      livescore_database: 'up',
      livescore_feed: 'up',
      livescore_lease: 'up',
      livescore_pool: 'up',
      livescore_provider: 'up',
      livescore_sync: 'up',
      livescore_writes: 'up',
    });
  });

  it.each([
    ['livescore_database', { ready: { db: { ok: true } } }, 'up'],
    ['livescore_database', { ready: { db: { ok: false, error: 'failed: ECONNREFUSED' } } }, 'down'],
    ['livescore_writes', { ready: { db: { ok: true }, writes: { ok: false } } }, 'down'],
    ['livescore_feed', { health: { feed: FEED } }, 'up'],
    ['livescore_feed', { health: { feed: { ...FEED, connected: false } } }, 'down'],
    ['livescore_feed', { health: { feed: { ...FEED, state: 'delayed' } } }, 'degraded'],
    ['livescore_feed', { health: { feed: { ...FEED, connected: false }, lease: { held: false } } }, 'up'],
    ['livescore_lease', { health: { lease: { held: true, fence: 4, confirmed: false } } }, 'degraded'],
    ['livescore_lease', { health: { lease: { held: false, fence: null, confirmed: true } } }, 'up'],
    ['livescore_pool', { internal: { pool: { active: 3, total: 3, waiting: 2 } } }, 'degraded'],
    ['livescore_provider', { health: { provider: { ...PROVIDER, address_refused: true } } }, 'down'],
    ['livescore_provider', { health: { provider: { ...PROVIDER, last_error: { code: 'E' } } } }, 'degraded'],
    ['livescore_sync', { health: { sync: { mode: 'on', incomplete: ['team'] } } }, 'degraded'],
    ['livescore_broadcast', { health: { clients: 0, sockets: { refused: 0, cut_off: 0 } } }, 'up'],
  ])('%s for %j: %s', async (key, facts, status) => {
    expect((await verdicts(facts))[key]).toBe(status);
  });

  it('take the key that the host gives', async () => {
    const indicator = (await start()).get(DatabaseIndicator, { strict: false });
    expect(await indicator.isHealthy('scores')).toEqual({ scores: { status: 'up', present: false } });
  });

  it('never throw, and never repeat an error', async () => {
    const probes = (await start()).get(HealthProbes, { strict: false });
    const fail = () => {
      throw new Error(SECRETS);
    };
    jest.spyOn(probes, 'health').mockImplementation(fail);
    jest.spyOn(probes, 'ready').mockImplementation(async () => fail());
    jest.spyOn(probes, 'internal').mockImplementation(fail);
    for (const one of ALL) {
      const result = await app?.get(one, { strict: false }).isHealthy('key');
      expect(result).toEqual({ key: { status: 'down', message: 'it cannot be told' } });
    }
  });

  it('say in the words of version 11, which has no degraded, that nothing fails', () => {
    const session = { up: (facts: object) => ({ key: { status: 'up', ...facts } }) };
    const version11 = { check: () => session } as unknown as HealthIndicatorService;
    const adapter = new TerminusAdapter(version11, {} as never);
    expect(adapter.result('key', { state: 'degraded', facts: { waiting: 2 } })).toEqual({
      key: { status: 'up', waiting: 2, degraded: true },
    });
  });
});

describe('@nestjs/terminus', () => {
  it('is imported by one file: a host without it has everything else', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const importing = files.filter((file) => /from '@nestjs\/terminus'/.test(readFileSync(join('src', file), 'utf8')));
    expect(importing).toEqual([join('terminus', 'adapters', 'terminus', 'terminus-adapter.ts')]);
    const entry = files.filter((file) => !file.startsWith('terminus'));
    expect(entry.filter((file) => /terminus\//.test(readFileSync(join('src', file), 'utf8')))).toEqual([]);
  });
});
