import { describe, expect, it, jest } from '@jest/globals';
import { ConsoleLogger, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HealthModule } from '../../src/health/health.module.js';
import { EventLog } from '../../src/kernel/event-log.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { SampledWarning } from '../../src/kernel/sampled-warning.js';
import { Scheduler } from '../../src/kernel/scheduler.js';
import { Random } from '../../src/kernel/seeded-random.js';
import { type Answer, Database } from '../../src/postgres/database.js';
import { DatabaseProbe } from '../../src/postgres/database-probe.js';
import { FakeClock } from '../../src/testing/index.js';

const ERRORS = 1_000;

interface Facts {
  readonly host: string;
  readonly user: string;
  readonly password: string;
}

/** As Node, pg, mqtt, redis and undici say it. */
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
];

function generated(n: number) {
  const random = Random.of(n, 'secrets');
  const word = (kind: string) => `${kind}${random.integer(100_000, 999_999)}`;
  const host = n % 2 === 0 ? `10.${n % 250}.7.${random.integer(1, 254)}` : `${word('db')}.internal`;
  const facts = { host, user: word('usr'), password: word('pw') };
  const { text, code } = TEXTS[n % TEXTS.length]?.(facts) ?? { text: '', code: '' };
  return { facts, error: Object.assign(new Error(text), { code, address: host }) };
}

describe('1,000 errors whose words hold hosts, users, passwords and addresses', () => {
  it('leave nothing of them in bodies, metrics or the log', async () => {
    let failure: Error = new Error();
    class FailingDatabase extends Database {
      override query<Row>(): Promise<readonly Row[]> {
        return Promise.reject(failure);
      }
      override queryOnDedicatedConnection<Row>(): Promise<Answer<Row>> {
        return Promise.reject(failure);
      }
    }
    @Module({
      imports: [HealthModule.forRoot({ internalSecret: 'opened' })],
      providers: [{ provide: Database, useClass: FailingDatabase }, DatabaseProbe],
    })
    class HostModule {}
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
      const bodies: string[] = [];
      const events = new EventLog(new FakeClock());
      const all = Array.from({ length: ERRORS }, (_, n) => generated(n));
      for (const [n, { error }] of all.entries()) {
        failure = error;
        const probe = new DatabaseProbe(app.get(Scheduler, { strict: false }), app.get(Database));
        bodies.push(JSON.stringify(await probe.ready()));
        new SampledWarning(new Logger('Fake'), 'It failed').warn({ error });
        new SampledWarning(new Logger('Fake'), 'It failed').warn({ reason: String(error) });
        events.write(new Logger('Fake'), 'fake.failed', { level: 'warn', error });
        if (n % 100 === 0) bodies.push(await (await fetch(`${url}/ready`)).text());
      }
      bodies.push(await app.get(LiveScoreMetrics, { strict: false }).registry.metrics());
      const everything = bodies.join('\n') + said.join('');
      const leaked = all.flatMap(({ facts }) => Object.values(facts).filter((one) => everything.includes(one)));
      expect(said.length).toBeGreaterThan(3 * ERRORS - 1);
      expect(leaked).toEqual([]);
      const raw = all.filter(({ error }) => bodies.some((body) => body.includes(error.message)));
      expect(raw).toEqual([]);
    } finally {
      await app.close();
      for (const spy of spies) spy.mockRestore();
    }
  }, 120_000);
});
