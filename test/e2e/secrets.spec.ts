import { describe, expect, it, jest } from '@jest/globals';
import { ConsoleLogger, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessageRefusals } from '../../src/broadcast/adapters/nest/message-refusals.js';
import { DeadLetterKeeper } from '../../src/dead-letters/dead-letter-keeper.js';
import { resolveDeadLettersOptions } from '../../src/dead-letters/dead-letters.options.js';
import { HealthModule } from '../../src/health/health.module.js';
import { EventLog } from '../../src/kernel/event-log.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { SampledWarning } from '../../src/kernel/sampled-warning.js';
import { Scheduler } from '../../src/kernel/scheduler.js';
import { Random } from '../../src/kernel/seeded-random.js';
import { type Answer, Database } from '../../src/postgres/database.js';
import { DatabaseProbe } from '../../src/postgres/database-probe.js';
import { ProviderError, type ProviderFailure } from '../../src/provider/provider.errors.js';
import { resolveProviderOptions } from '../../src/provider/provider.options.js';
import { ProviderBreakers } from '../../src/provider/provider-breakers.js';
import { ProviderHealthProbe } from '../../src/provider/provider-health-probe.js';
import { ProviderRequests } from '../../src/provider/provider-requests.js';
import { ProviderStatus } from '../../src/provider/provider-status.service.js';
import { RequestBudget } from '../../src/provider/request-budget.js';
import { SharedBudget } from '../../src/provider/shared-budget.js';
import { Retention } from '../../src/retention/retention.js';
import { resolveRetentionOptions } from '../../src/retention/retention.options.js';
import { TableSizes } from '../../src/retention/table-sizes.js';
import { FakeClock, InMemoryDeadLetterStore, InMemoryRetentionStore } from '../../src/testing/index.js';

const ERRORS = 1_000;

interface Facts {
  readonly host: string;
  readonly user: string;
  readonly password: string;
}

/** As Node, pg, mqtt, redis, undici and a provider say it. */
const TEXTS: readonly ((facts: Facts) => { readonly text: string; readonly code: string })[] = [
  ({ host }) => ({ text: `connect ECONNREFUSED ${host}:5432`, code: 'ECONNREFUSED' }),
  ({ host }) => ({ text: `getaddrinfo ENOTFOUND ${host}`, code: 'ENOTFOUND' }),
  ({ user }) => ({ text: `password authentication failed for user "${user}"`, code: '28P01' }),
  ({ host, user }) => ({
    text: `no pg_hba.conf entry for host "${host}", user "${user}", database "x"`,
    code: '28000',
  }),
  ({ host, user, password }) => ({ text: `cannot read postgres://${user}:${password}@${host}:5432/x`, code: 'EURL' }),
  ({ host, password }) => ({
    text: `WRONGPASS at redis://:${password}@${host}:6379/0 password=${password}`,
    code: 'X',
  }),
  ({ host, user, password }) => ({
    text: `mqtts://${user}:${password}@${host}:8883 host=${host} user=${user}`,
    code: 'X',
  }),
  ({ host, password }) => ({ text: `fetch failed: https://${host}/v1?secret=${password}`, code: 'UND_ERR' }),
  ({ host, user, password }) => ({
    text: `refused: {"host":"${host}","user":"${user}","password":"${password}","tries":3}`,
    code: 'X',
  }),
  ({ host, user, password }) => ({
    text: `started with THESPORTS_SECRET=${password} client_secret=${password} PGPASSWORD=${password} PGUSER=${user} PGHOST=${host}`,
    code: 'X',
  }),
  ({ host, password }) => ({ text: `cannot connect\n    at ${host}:5432 password=${password}`, code: 'X' }),
  ({ host }) => ({
    text: `Hostname/IP does not match certificate's altnames: Host: ${host}. is not in the cert's altnames: DNS:a.${host}, DNS:b.${host}`,
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  }),
  ({ host, user, password }) => ({ text: `${'x'.repeat(475)} ${user}:${password}@${host}:5432`, code: 'X' }),
];

/** No multiple of these is the number of texts: each text meets each kind of host. */
const HOSTS: readonly ((n: number, random: Random) => string)[] = [
  (n, random) => `10.${n % 250}.7.${random.integer(1, 254)}`,
  (_, random) => `db${random.integer(100_000, 999_999)}.internal`,
  (_, random) => `db${random.integer(100_000, 999_999)}.goalgpt.tr`,
];

function generated(n: number) {
  const random = Random.of(n, 'secrets');
  const word = (kind: string) => `${kind}${random.integer(100_000, 999_999)}`;
  const host = HOSTS[n % HOSTS.length]?.(n, random) ?? '';
  const facts = { host, user: word('usr'), password: word('pw') };
  const { text, code } = TEXTS[n % TEXTS.length]?.(facts) ?? { text: '', code: '' };
  return { facts, error: Object.assign(new Error(text), { code, address: host }) };
}

let failure: Error = new Error();

class FailingDatabase extends Database {
  override query<Row>(): Promise<readonly Row[]> {
    return Promise.reject(failure);
  }
  override queryOnDedicatedConnection<Row>(): Promise<Answer<Row>> {
    return Promise.reject(failure);
  }
}

class FailingRetentionStore extends InMemoryRetentionStore {
  override prune(): Promise<never> {
    return Promise.reject(failure);
  }
}

@Module({
  imports: [HealthModule.forRoot({ internalSecret: 'opened' })],
  providers: [{ provide: Database, useClass: FailingDatabase }, DatabaseProbe],
})
class HostModule {}

const clock = new FakeClock();
const metrics = new LiveScoreMetrics();
const events = new EventLog(clock);

/** Whatever writes such an error into the log, once: a sampled warning is new each time. */
async function logAll(error: Error, scheduler: Scheduler): Promise<void> {
  new SampledWarning(new Logger('Fake'), 'It failed').warn({ error });
  new SampledWarning(new Logger('Fake'), 'It failed').warn({ reason: String(error) });
  events.write(new Logger('Fake'), 'fake.failed', { level: 'warn', error });
  new MessageRefusals(new Logger('Fake'), null).of(error, 'SUBSCRIBE');
  const letters = resolveDeadLettersOptions({});
  new DeadLetterKeeper(new InMemoryDeadLetterStore(), clock, scheduler, metrics, letters).outageBegan(error);
  const store = new FailingRetentionStore(clock);
  const tables = new TableSizes(store, metrics);
  await new Retention(store, resolveRetentionOptions({ everyMs: 60_000 }), scheduler, tables).round();
}

/** What the provider says goes to the log, and not into the body, which is returned. */
async function providerHealth({ message }: Error, failed: ProviderFailure, scheduler: Scheduler): Promise<string> {
  const options = resolveProviderOptions({ user: 'u', secret: 's' });
  const breakers = new ProviderBreakers(clock, options);
  const status = new ProviderStatus(clock, breakers, options);
  const shared = new SharedBudget(scheduler, metrics, options);
  const budget = new RequestBudget(scheduler, shared, metrics, options);
  const requests = new ProviderRequests(budget, breakers, status, metrics, clock, options);
  const send = () => {
    return Promise.reject(new ProviderError(failed, `The provider says: ${message}`, { endpoint: '/live' }));
  };
  const answer = requests.run({ endpoint: '/live', priority: 'live', send });
  await expect(answer).rejects.toBeInstanceOf(ProviderError);
  return JSON.stringify(new ProviderHealthProbe(status).health());
}

describe('1,000 errors whose words hold hosts, users, passwords and addresses', () => {
  it('leave nothing of them in bodies, metrics or the log', async () => {
    const said: string[] = [];
    const spies = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, 'write').mockImplementation((chunk) => said.push(String(chunk)) > 0),
    );
    const logger = new ConsoleLogger({ compact: true, colors: false });
    const app = await NestFactory.create(HostModule, { logger, abortOnError: false });
    try {
      await app.listen(0, '127.0.0.1');
      const url = await app.getUrl();
      await app.get(DatabaseProbe).onModuleDestroy();
      const scheduler = app.get(Scheduler, { strict: false });
      const bodies: string[] = [];
      const all = Array.from({ length: ERRORS }, (_, n) => generated(n));
      for (const [n, { error }] of all.entries()) {
        failure = error;
        bodies.push(JSON.stringify(await new DatabaseProbe(scheduler, app.get(Database)).ready()));
        bodies.push(await providerHealth(error, n % 2 ? 'address' : 'refused', scheduler));
        await logAll(error, scheduler);
        if (n % 100 === 0) bodies.push(await (await fetch(`${url}/ready`)).text());
      }
      bodies.push(await app.get(LiveScoreMetrics, { strict: false }).registry.metrics());
      bodies.push(await metrics.registry.metrics());
      const everything = bodies.join('\n') + said.join('');
      const leaked = all.filter(({ facts }) => Object.values(facts).some((one) => everything.includes(one)));
      expect(said.length).toBeGreaterThan(7 * ERRORS - 1);
      expect(leaked.map(({ error }) => error.message)).toEqual([]);
      const raw = all.filter(({ error }) => bodies.some((body) => body.includes(error.message)));
      expect(raw).toEqual([]);
    } finally {
      await app.close();
      for (const spy of spies) spy.mockRestore();
    }
  }, 300_000);
});
