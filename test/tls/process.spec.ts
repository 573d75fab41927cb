import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import { type ProviderStandIn, platformSchemaSql, startProviderStandIn } from '../../src/testing/index.js';
import { frame, publisher } from '../mqtt-ingest/ingest-app.js';
import { PrivateAuthority } from '../support/certificates.js';
import { runSql } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, seedMatch } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { redisIsInstalled } from '../support/redis-server.js';
import { TLS_BROKERS } from './tls-brokers.js';
import { startTlsFront } from './tls-front.js';
import { SECRET, TlsPostgres } from './tls-postgres.js';
import { startTlsRedis } from './tls-redis.js';

guardAgainstLeaks();

const root = fileURLToPath(new URL('../../', import.meta.url));
const [, startBroker] = TLS_BROKERS[0] as (typeof TLS_BROKERS)[number];

/** `npm run host`, whose authorities are named in its environment. */
class HostProcess {
  output = '';
  private readonly child: ChildProcess;

  constructor(variables: NodeJS.ProcessEnv) {
    const { PATH, HOME } = process.env;
    this.child = spawn(process.execPath, ['scripts/run-app.mjs', 'examples/host/main'], {
      cwd: root,
      env: { PATH, HOME, NO_COLOR: '1', PORT: '0', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer): void => {
      this.output += chunk.toString();
    };
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', keep);
  }

  said(pattern: RegExp): Promise<string> {
    return eventually(() => pattern.exec(this.output)?.[0] ?? '', {
      timeoutMs: 90_000,
      what: `${pattern} of the host`,
    });
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 30_000);
    await exited;
    clearTimeout(timer);
  }
}

describe('a process with NODE_EXTRA_CA_CERTS', () => {
  const stops: (() => Promise<unknown>)[] = [];
  let authority: PrivateAuthority;
  let database: TlsPostgres;
  let provider: ProviderStandIn;
  let services: NodeJS.ProcessEnv;
  let host: HostProcess | undefined;

  beforeAll(async () => {
    authority = new PrivateAuthority();
    const certificate = authority.server();
    database = await TlsPostgres.start();
    stops.push(() => database.stop());
    await runSql(database.url, platformSchemaSql);
    await database.show(certificate);
    const broker = await startBroker({ certificate });
    stops.push(() => broker.stop());
    provider = await startProviderStandIn({ secret: SECRET });
    stops.push(() => provider.close());
    const front = await startTlsFront(certificate, Number(new URL(provider.url).port));
    stops.push(() => front.stop());
    services = {
      DATABASE_URL: database.address('sslmode=verify-full'),
      MQTT_URL: broker.url,
      THESPORTS_API_URL: `https://127.0.0.1:${front.port}${new URL(provider.url).pathname}`,
      THESPORTS_API_USER: provider.user,
      THESPORTS_API_SECRET: SECRET,
    };
    if (!redisIsInstalled) return;
    const redis = await startTlsRedis(certificate, SECRET);
    stops.push(() => redis.stop());
    services.REDIS_BUS_URL = `rediss://:${SECRET}@127.0.0.1:${redis.port}`;
  }, 180_000);
  afterEach(async () => {
    await host?.end();
    expect(host?.output).not.toContain(SECRET);
  });
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
    authority.remove();
  });

  it('trusts a private authority everywhere: database, broker, Redis and provider', async () => {
    host = new HostProcess({ ...services, NODE_EXTRA_CA_CERTS: authority.caFile });
    const [, url] = (await host.said(/^ready http:\S+$/m)).split(' ');
    await eventually(async () => (await fetch(`${url}/ready`)).ok, { timeoutMs: 60_000, what: 'a ready host' });
    await seedMatch(database.url, 'm1');
    const client = await publisher(String(services.MQTT_URL), { ca: authority.ca });
    const isWritten = async () => {
      await client.publishAsync(PROVIDER_TOPIC, frame('m1'));
      const [row] = await rowsOf(database.url, `SELECT home_score_display AS home FROM ts_matches`);
      return row?.home === 1;
    };
    await eventually(isWritten, { timeoutMs: 30_000, what: 'the goal in the row' });
    await client.endAsync();
    await eventually(() => provider.requestLog.total > 0, { timeoutMs: 30_000, what: 'a request to the provider' });
    if (redisIsInstalled) await host.said(/Connected to Redis/);
  }, 300_000);
});
