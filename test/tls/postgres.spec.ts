import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { LiveScoreModule, type LiveScoreOptions, Readiness } from '../../src/index.js';
import { Database } from '../../src/postgres/database.js';
import { platformSchemaSql } from '../../src/testing/index.js';
import { PrivateAuthority } from '../support/certificates.js';
import { runSql } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';
import { LogLines } from './log-lines.js';
import { SECRET, TlsPostgres } from './tls-postgres.js';

guardAgainstLeaks();

const NOT_TRUSTED =
  /^failed: \w+, the certificate comes from an authority that is not trusted here: .*NODE_EXTRA_CA_CERTS/;

describe('TLS to PostgreSQL, with a private certificate', () => {
  let server: TlsPostgres;
  let authority: PrivateAuthority;
  let others: PrivateAuthority;
  let app: INestApplication | undefined;
  const log = new LogLines();

  beforeAll(async () => {
    authority = new PrivateAuthority();
    others = new PrivateAuthority('Authority of somebody else');
    server = await TlsPostgres.start();
    await runSql(server.url, platformSchemaSql);
    expect(await runCli(['migrate'], { DATABASE_URL: server.url })).toMatchObject({ exitCode: 0 });
  }, 180_000);
  afterEach(async () => {
    await app?.close();
    app = undefined;
    expect(log.take()).not.toContain(SECRET);
  });
  afterAll(async () => {
    await server.stop();
    for (const one of [authority, others]) one.remove();
  });

  /** A host in this process; with `source`, one whose DataSource names the database. */
  async function start(options: LiveScoreOptions, source?: TypeOrmModuleOptions): Promise<void> {
    const imports = source ? [TypeOrmModule.forRoot(source)] : [];
    @Module({ imports: [...imports, LiveScoreModule.forRoot(options)] })
    class HostModule {}
    app = await NestFactory.create(HostModule, { logger: log, abortOnError: false });
    await app.init();
  }
  const service = <T>(type: abstract new (...args: never[]) => T): T => app?.get(type, { strict: false }) as T;
  const db = async () => (await service(Readiness).report()).db;
  /** On a busy machine the first answer may be that none came in time. */
  const becomes = (expected: object) =>
    eventually(
      async () => {
        expect(await db()).toEqual(expected);
        return true;
      },
      { what: 'an answer', timeoutMs: 20_000 },
    );
  const cipher = async () => {
    const [row] = await service(Database).query<{ ssl: boolean }>(
      {
        name: 'spec_tls',
        text: 'SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()',
      },
      [],
    );
    return row?.ssl;
  };

  describe('reaches it', () => {
    beforeAll(() => server.show(authority.server()));

    it.each<[string, () => [LiveScoreOptions, TypeOrmModuleOptions?]]>([
      [
        'by the pool settings of the option',
        () => [{ postgres: { connection: { connectionString: server.address(''), ssl: { ca: authority.ca } } } }],
      ],
      [
        'by the address of the option',
        () => [{ postgres: { connection: server.address(`sslmode=verify-full&sslrootcert=${authority.caFile}`) } }],
      ],
      [
        "by the `ssl` of the host's DataSource",
        () => [{}, { type: 'postgres', url: server.address(''), ssl: { ca: authority.ca } }],
      ],
      [
        "by the `ssl` of the DataSource's extra settings",
        () => [{}, { type: 'postgres', url: server.address(''), extra: { ssl: { ca: authority.ca } } }],
      ],
      [
        "by the address of the host's DataSource",
        () => [{}, { type: 'postgres', url: server.address(`sslmode=verify-full&sslrootcert=${authority.caFile}`) }],
      ],
    ])('%s', async (_, settings) => {
      await start(...settings());
      await becomes({ ok: true });
      expect(await cipher()).toBe(true);
    });

    it('by DATABASE_URL, for every command', async () => {
      for (const mode of ['verify-full', 'require']) {
        const env = { DATABASE_URL: server.address(`sslmode=${mode}&sslrootcert=${authority.caFile}`) };
        expect(await runCli(['migrate', 'status'], env)).toMatchObject({ exitCode: 0, stderr: '' });
        expect(await runCli(['stage', 'get'], env)).toMatchObject({ exitCode: 0, stderr: '' });
      }
    });
  });

  describe('is not taken, and says what to do,', () => {
    const CASES: readonly (readonly [string, () => Promise<string>, RegExp])[] = [
      [
        'with a certificate of an authority that is not named',
        async () => {
          await server.show(authority.server());
          return server.address('sslmode=verify-full');
        },
        NOT_TRUSTED,
      ],
      [
        'with a certificate of another authority',
        async () => {
          await server.show(others.server());
          return trusting();
        },
        NOT_TRUSTED,
      ],
      [
        'with a certificate for another host',
        async () => {
          await server.show(authority.server({ host: 'other.example' }));
          return trusting();
        },
        /^failed: ERR_TLS_CERT_ALTNAME_INVALID, the certificate is for another host/,
      ],
      [
        'with a certificate that has expired',
        async () => {
          await server.show(authority.server({ expired: true }));
          return trusting();
        },
        /^failed: CERT_HAS_EXPIRED, the certificate has expired: renew it/,
      ],
      [
        'without TLS at the server',
        async () => {
          await server.show(null);
          return trusting();
        },
        /^failed: no TLS is spoken at that port/,
      ],
    ];
    const trusting = () => server.address(`sslmode=verify-full&sslrootcert=${authority.caFile}`);

    it.each(CASES)('%s: hosts boot unready, commands end with 2', async (_, address, expected) => {
      const url = await address();
      await start({ postgres: { connection: url } });
      await becomes({ ok: false, error: expect.stringMatching(expected) });
      for (const command of [
        ['migrate', 'status'],
        ['stage', 'get'],
      ]) {
        const { exitCode, stderr, stdout } = await runCli(command, { DATABASE_URL: url });
        expect([exitCode, stdout]).toEqual([2, '']);
        expect(stderr).toMatch(new RegExp(expected.source.replace('^failed: ', ' cannot be used: ')));
        expect(stderr).not.toContain(SECRET);
      }
    });

    it('and recovers by itself when the certificate is renewed', async () => {
      await server.show(authority.server({ expired: true }));
      await start({ postgres: { connection: trusting() } });
      await becomes({ ok: false, error: expect.stringContaining('CERT_HAS_EXPIRED') });
      // it tells what was known last, which is that no answer came in time where the machine is busy
      const line = /cannot be used for live scores.*(CERT_HAS_EXPIRED|no answer within)/;
      await eventually(() => log.has(line), { what: 'the line' });
      await server.show(authority.server());
      await eventually(async () => (await db()).ok, { what: 'the recovery' });
    });
  });

  describe('shows our certificate to a server that asks for one', () => {
    let files: string;
    let ssl: object;
    beforeAll(async () => {
      const { cert, key, certFile, keyFile } = authority.client('postgres');
      ssl = { ca: authority.ca, cert, key };
      files = `sslmode=verify-full&sslrootcert=${authority.caFile}&sslcert=${certFile}&sslkey=${keyFile}`;
      await server.show(authority.server());
      await server.askForCertificates(authority.caFile);
    });

    it.each<[string, () => [LiveScoreOptions, TypeOrmModuleOptions?]]>([
      ['by the address', () => [{ postgres: { connection: server.address(files) } }]],
      ["by the host's DataSource", () => [{}, { type: 'postgres', url: server.address(''), ssl }]],
    ])('%s', async (_, settings) => {
      await start(...settings());
      await becomes({ ok: true });
    });

    it('and is refused without one', async () => {
      await start({ postgres: { connection: server.address(`sslmode=verify-full&sslrootcert=${authority.caFile}`) } });
      await becomes({ ok: false, error: expect.stringMatching(/^failed: 28000, .*pg_hba\.conf/) });
    });
  });
});
