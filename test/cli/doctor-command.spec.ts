import { type AddressInfo, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { PrivateAuthority } from '../support/certificates.js';
import { createTestDatabase, runSql, serverUrl, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { startPgBouncer } from '../support/pgbouncer.js';
import { RedisServer, redisIsInstalled } from '../support/redis-server.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

interface Answer {
  readonly faults: number;
  readonly warnings: number;
  readonly findings: readonly (Finding & { readonly check: string })[];
  readonly skipped: readonly { readonly check: string; readonly why: string }[];
  readonly well: readonly { readonly check: string; readonly seen: string }[];
}

type Env = Readonly<Record<string, string>>;

const PROVIDER: Env = { THESPORTS_API_USER: 'us', THESPORTS_API_SECRET: 'the-provider-secret' };

async function doctor(env: Env): Promise<Answer & { readonly exitCode: number; readonly all: string }> {
  const { exitCode, stdout, stderr } = await runCli(['doctor', '--json'], env);
  return { exitCode, all: stdout + stderr, ...(JSON.parse(stdout) as Answer) };
}

const codesOf = ({ findings }: Answer) => findings.map(({ code }) => code);
const sayingOf = ({ findings }: Answer, code: string) =>
  findings
    .filter((finding) => finding.code === code)
    .map(({ what }) => what)
    .join('\n');

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('livescore doctor', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  beforeAll(async () => {
    database = await createTestDatabase();
    broker = await startBroker({
      authenticate: (_client, username, password, done) => {
        const isKnown = username === undefined || (username === 'us' && String(password) === 'right');
        if (isKnown) done(null, true);
        else done(Object.assign(new Error('no'), { returnCode: 4 }) as never, false);
      },
      authorizeSubscribe: (_client, subscription, done) => {
        done(null, subscription.topic === 'forbidden' ? null : subscription);
      },
    });
  }, 180_000);
  afterAll(async () => {
    await broker.stop();
    await database.drop();
  });

  const healthy = (): Env => ({ DATABASE_URL: database.url, MQTT_URL: broker.url, ...PROVIDER });

  it('finds nothing where nothing is wrong, and says what it saw', async () => {
    const answer = await doctor(healthy());
    expect([answer.findings, answer.skipped, answer.exitCode]).toEqual([[], [], 0]);
    expect(answer.well.map(({ check }) => check)).toEqual([
      'Node.js',
      'addresses',
      'rollout',
      'feature modes',
      'provider',
      'database',
      'schema',
      'tables and rights',
      'migrations',
      'columns of ts_matches',
      'triggers',
      'key of ts_matches',
      'tables of features',
      'pooler',
      'clocks',
      'instances',
      'broker',
      'bus',
    ]);
    const { stdout } = await runCli(['doctor'], healthy());
    expect(stdout).toMatch(/ok {2,}clocks +the database's clock is \d+ ms (ahead of|behind) this machine's/);
    expect(stdout).toMatch(/0 faults, 0 warnings, 0 notes$/);
  }, 180_000);

  it.each<[string, (found: { closed: number }) => Env, string, string]>([
    ['no database', () => ({ DATABASE_URL: '' }), 'LIVESCORE_NO_DATABASE_URL', 'not set'],
    [
      'an address that is none',
      () => ({ DATABASE_URL: 'postgres://u:p@ss/word@h' }),
      'LIVESCORE_UNREADABLE_ADDRESS',
      'DATABASE_URL',
    ],
    [
      'a database that does not answer',
      ({ closed }) => ({ DATABASE_URL: `postgres://u:hidden@127.0.0.1:${closed}/d` }),
      'LIVESCORE_DATABASE_UNREACHABLE',
      'ECONNREFUSED',
    ],
    [
      'a database that is not there',
      () => ({ DATABASE_URL: Object.assign(new URL(serverUrl()), { pathname: '/nowhere' }).href }),
      'LIVESCORE_DATABASE_REFUSES',
      '3D000',
    ],
    [
      'a broker that does not answer',
      ({ closed }) => ({ MQTT_URL: `mqtt://u:hidden@127.0.0.1:${closed}` }),
      'LIVESCORE_BROKER_UNREACHABLE',
      'ECONNREFUSED',
    ],
    [
      'a wrong password at the broker',
      () => ({ MQTT_USERNAME: 'us', MQTT_PASSWORD: 'hidden' }),
      'LIVESCORE_BROKER_REFUSES',
      'user and password',
    ],
    ['a topic that is refused', () => ({ MQTT_TOPIC: 'forbidden' }), 'LIVESCORE_TOPIC_REFUSED', 'forbidden'],
    [
      'TLS where there is none',
      () => ({ MQTT_URL: broker.url.replace('mqtt:', 'mqtts:') }),
      'LIVESCORE_BROKER_TLS',
      'fails: ECONNRESET',
    ],
    [
      'a Redis that does not answer',
      ({ closed }) => ({ REDIS_BUS_URL: `redis://u:hidden@127.0.0.1:${closed}` }),
      'LIVESCORE_BUS_UNREACHABLE',
      'ECONNREFUSED',
    ],
    [
      'half of the credentials',
      () => ({ THESPORTS_API_SECRET: '' }),
      'LIVESCORE_HALF_PROVIDER',
      'THESPORTS_API_SECRET is not',
    ],
    ['a stage that is none', () => ({ LIVESCORE_MAX_STAGE: 'all' }), 'LIVESCORE_INVALID_OPTION', 'LIVESCORE_MAX_STAGE'],
    ['a kill switch that is on', () => ({ LIVESCORE_KILL_SWITCH: 'on' }), 'LIVESCORE_KILL_SWITCH_ON', 'legacy path'],
  ])(
    'names %s, and nothing else',
    async (_, planted, code, words) => {
      const answer = await doctor({ ...healthy(), ...planted({ closed: await closedPort() }) });
      const [found, ...others] = answer.findings.filter((one) => one.code !== 'LIVESCORE_BROKER_PLAIN');
      expect([found?.code, others]).toEqual([expect.stringContaining(code), []]);
      expect(found?.what).toContain(words);
      expect(answer.all).not.toMatch(/hidden|the-provider-secret/);
      expect(answer.exitCode).toBe(found?.weight === 'fault' ? 1 : 0);
    },
    180_000,
  );

  it('names less QoS than asked', async () => {
    const modest = createServer((socket) => {
      socket.on('data', (packet) => {
        if (packet[0] === 0x10) socket.write(Buffer.from([0x20, 2, 0, 0]));
        if (packet[0] === 0x82) socket.write(Buffer.from([0x90, 3, packet[2] ?? 0, packet[3] ?? 0, 0]));
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => modest.once('listening', resolve));
    const { port } = modest.address() as AddressInfo;
    const answer = await doctor({ ...healthy(), MQTT_URL: `mqtt://127.0.0.1:${port}`, MQTT_QOS: '1' });
    modest.close();
    expect([codesOf(answer), answer.exitCode]).toEqual([['LIVESCORE_QOS_LESS'], 0]);
    expect(sayingOf(answer, 'LIVESCORE_QOS_LESS')).toContain(
      'grants QoS 0 for thesports/football/match/v1, asked was 1',
    );
  }, 180_000);

  it('names a certificate that nobody here knows', async () => {
    const authority = new PrivateAuthority();
    const { cert, key } = authority.server();
    authority.remove();
    const server = createTlsServer({ cert, key }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const env = { ...healthy(), MQTT_URL: `mqtts://127.0.0.1:${port}`, REDIS_BUS_URL: `rediss://127.0.0.1:${port}` };
    const answer = await doctor(env);
    server.close();
    expect(codesOf(answer)).toEqual(['LIVESCORE_BROKER_TLS', 'LIVESCORE_BUS_TLS']);
    expect(sayingOf(answer, 'LIVESCORE_BROKER_TLS')).toMatch(/SELF_SIGNED|UNABLE_TO/);
  }, 180_000);

  (redisIsInstalled ? it : it.skip)(
    'names a Redis that wants a password',
    async () => {
      const redis = await RedisServer.start({ password: 'right' });
      const right = await doctor({ ...healthy(), REDIS_BUS_URL: redis.url.replace('://', '://:right@') });
      const wrong = await doctor({ ...healthy(), REDIS_BUS_URL: redis.url.replace('://', '://:hidden@') });
      await redis.kill();
      expect(codesOf(right)).toEqual([]);
      expect(codesOf(wrong)).toEqual(['LIVESCORE_BUS_REFUSES']);
      expect(wrong.all).not.toContain('hidden');
    },
    180_000,
  );

  it('notes a pooler by the transaction', async () => {
    const pooler = await startPgBouncer(database.url, { poolSize: 2 });
    if (!pooler) return;
    const answer = await doctor({ ...healthy(), DATABASE_URL: pooler.url });
    await pooler.stop();
    expect([codesOf(answer), answer.exitCode]).toEqual([['LIVESCORE_TRANSACTION_POOLER'], 0]);
  }, 180_000);
});

describe('livescore doctor, with everything wrong at once', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  const role = `livescore_doctor_${process.pid}`;

  beforeAll(async () => {
    database = await createTestDatabase();
    await runSql(database.url, plantedSql(role, new URL(database.url).pathname.slice(1)));
    broker = await startBroker({ authorizeSubscribe: (_client, _subscription, done) => done(null, null) });
  }, 180_000);
  afterEach(() => void jest.restoreAllMocks());
  afterAll(async () => {
    await broker.stop();
    await database.drop();
    await runSql(serverUrl(), `DROP ROLE IF EXISTS ${role}`);
  });

  /** Two processes of one name write their row in turn. */
  async function twoOfOneName(): Promise<() => Promise<void>> {
    let [n, ended] = [0, false];
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const write = () =>
      client.query(`INSERT INTO livescore_host (host, key, facts) VALUES ('twin:0', 'k${n++ % 2}', '{}')
          ON CONFLICT (host) DO UPDATE SET key = EXCLUDED.key, seen_at = clock_timestamp()`);
    const goOn = async (): Promise<void> => {
      while (!ended) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        await write();
      }
      await client.end();
    };
    // who looks before the first row finds that no host runs
    await write();
    const turns = goOn();
    return async () => {
      ended = true;
      await turns;
    };
  }

  it('names every one of the planted faults', async () => {
    const realNow = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() + 90_000);
    const stop = await twoOfOneName();
    const address = Object.assign(new URL(database.url), { username: role, password: 'hidden' }).href;
    const answer = await doctor({
      DATABASE_URL: address,
      MQTT_URL: broker.url,
      MQTT_USERNAME: 'us',
      MQTT_PASSWORD: 'hidden',
      REDIS_BUS_URL: `redis://:hidden@127.0.0.1:${await closedPort()}`,
      THESPORTS_API_SECRET: 'hidden',
      LIVESCORE_KILL_SWITCH: 'maybe',
      LIVESCORE_MAX_STAGE: 'all',
      LIVESCORE_MINUTE: 'yes',
      LIVESCORE_SYNC: 'of',
    });
    await stop();
    const planted: readonly (readonly [string, string])[] = [
      ['LIVESCORE_DATABASE_READ_ONLY', 'read-only'],
      ['LIVESCORE_TABLE_MISSING', 'livescore_pin'],
      ['LIVESCORE_COLUMN_MISSING', 'livescore_journal.goal_incidents'],
      ['LIVESCORE_RIGHT_MISSING', 'INSERT on livescore_journal'],
      ['LIVESCORE_POLICY_MISSING', 'SELECT on livescore_setting'],
      ['LIVESCORE_MIGRATION_PENDING', 'SyncTables'],
      ['LIVESCORE_COLUMN_TYPE', 'ts_matches.last_event_ts is float8'],
      ['LIVESCORE_TRIGGER_OFF', 'zzz_livescore_foreign_writer'],
      ['LIVESCORE_KEY_MISSING', 'external_id'],
      ['LIVESCORE_TWO_OF_ONE_NAME', 'twin:0'],
      ['LIVESCORE_CLOCK_SKEW', 'behind this machine'],
      ['LIVESCORE_TOPIC_REFUSED', 'thesports/football/match/v1'],
      ['LIVESCORE_BUS_UNREACHABLE', 'ECONNREFUSED'],
      ['LIVESCORE_HALF_PROVIDER', 'THESPORTS_API_USER is not'],
      ['LIVESCORE_INVALID_OPTION', 'LIVESCORE_KILL_SWITCH'],
      ['LIVESCORE_INVALID_OPTION', 'LIVESCORE_MAX_STAGE'],
      ['LIVESCORE_INVALID_OPTION', 'LIVESCORE_MINUTE'],
      ['LIVESCORE_INVALID_OPTION', 'LIVESCORE_SYNC'],
    ];
    for (const [code, words] of planted)
      expect([code, sayingOf(answer, code)]).toEqual([code, expect.stringContaining(words)]);
    expect([answer.faults, answer.exitCode]).toEqual([planted.length, 1]);
    expect(
      codesOf(answer)
        .filter((_, n) => answer.findings[n]?.weight === 'warning')
        .sort(),
    ).toEqual([
      'LIVESCORE_BROKER_PLAIN',
      'LIVESCORE_FEATURE_TABLE_MISSING',
      'LIVESCORE_NEWER_MIGRATION',
      'LIVESCORE_SCHEMA_SPLIT',
    ]);
    expect(answer.findings.every(({ todo }) => todo !== '')).toBe(true);
    expect(answer.skipped).toEqual([]);
    expect(answer.all).not.toContain('hidden');
  }, 180_000);
});

function plantedSql(role: string, name: string): string {
  return `
    CREATE ROLE ${role} LOGIN;
    ALTER ROLE ${role} IN DATABASE ${name} SET default_transaction_read_only = on;
    DROP TABLE livescore_pin;
    ALTER TABLE livescore_journal DROP COLUMN goal_incidents;
    DELETE FROM livescore_migrations WHERE name LIKE 'SyncTables%';
    INSERT INTO livescore_migrations (timestamp, name) VALUES (1999999999999, 'Later1999999999999');
    ALTER TABLE ts_matches ALTER last_event_ts TYPE double precision;
    ALTER TABLE ts_matches DISABLE TRIGGER zzz_livescore_foreign_writer;
    ALTER TABLE ts_matches DROP CONSTRAINT ts_matches_external_id_key CASCADE;
    DROP TABLE ai_predictions CASCADE;
    CREATE SCHEMA other;
    CREATE TABLE other.livescore_journal (id integer);
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};
    REVOKE INSERT ON livescore_journal FROM ${role};
    ALTER TABLE livescore_setting ENABLE ROW LEVEL SECURITY;`;
}
