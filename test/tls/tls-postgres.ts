import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../examples/host/embedded/postgres.js';
import { serverAccount } from '../../examples/host/embedded/postgres-binaries.js';
import type { Certificate } from '../support/certificates.js';
import { runSql } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf } from '../support/example-host.js';

/** A PostgreSQL server of its own that speaks TLS, with a certificate that can be changed. */
export class TlsPostgres {
  private readonly directory = mkdtempSync(join(tmpdir(), 'livescore-postgres-tls-'));
  private changes = 0;

  private constructor(
    private readonly server: Awaited<ReturnType<typeof startEmbeddedPostgres>>,
    /** without TLS */
    readonly url: string,
  ) {}

  static async start(): Promise<TlsPostgres> {
    const server = await startEmbeddedPostgres();
    return new TlsPostgres(server, server.url);
  }

  /** @param parameters of the connection, as `sslmode=verify-full` */
  address(parameters: string, host = '127.0.0.1'): string {
    const url = new URL(this.url);
    url.hostname = host;
    url.password = SECRET;
    url.search = parameters;
    return url.href;
  }

  /** New connections meet this certificate; null: none, and no TLS. */
  async show(certificate: Certificate | null): Promise<void> {
    if (certificate) {
      await runSql(this.url, `ALTER SYSTEM SET ssl_cert_file = '${this.own(certificate.certFile)}'`);
      await runSql(this.url, `ALTER SYSTEM SET ssl_key_file = '${this.own(certificate.keyFile)}'`);
    }
    await runSql(this.url, `ALTER SYSTEM SET ssl = '${certificate ? 'on' : 'off'}'`);
    await this.reload();
  }

  /** From now on a connection over TLS must show a certificate of this authority. */
  async askForCertificates(caFile: string): Promise<void> {
    const [{ file }] = (await rowsOf(this.url, "SELECT current_setting('hba_file') AS file")) as [{ file: string }];
    writeFileSync(file, `${TRUSTED('hostnossl')}\n${TRUSTED('hostssl')} clientcert=verify-ca\n`);
    await runSql(this.url, `ALTER SYSTEM SET ssl_ca_file = '${this.own(caFile)}'`);
    await this.reload();
  }

  private async reload(): Promise<void> {
    const [{ since }] = (await rowsOf(this.url, 'SELECT pg_conf_load_time()::text AS since')) as [{ since: string }];
    await runSql(this.url, 'SELECT pg_reload_conf()');
    // on a new connection: the server has read it then
    const isRead = async () => {
      const [row] = await rowsOf(this.url, `SELECT pg_conf_load_time()::text <> '${since}' AS "isRead"`);
      return row?.isRead === true;
    };
    await eventually(isRead, { what: 'the server to read its settings' });
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** A copy that belongs to the server's account: it takes no other key. */
  private own(file: string): string {
    const copy = join(this.directory, `${++this.changes}.pem`);
    const account = serverAccount();
    copyFileSync(file, copy);
    chmodSync(copy, 0o600);
    if (account) for (const path of [this.directory, copy]) chownSync(path, account.uid, account.gid);
    return copy;
  }
}

const TRUSTED = (kind: string): string => `${kind} all all 127.0.0.1/32 trust`;

/** In every address: nothing may repeat it. */
export const SECRET = 'told-to-nobody';
