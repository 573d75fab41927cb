import { randomBytes } from 'node:crypto';
import { Client, types } from 'pg';
import { createTestDatabase, runSql, serverUrl } from '../../../test/support/database.js';

/** BIGINT of these tables fits into a number. */
const NUMBERS = { getTypeParser: (oid: number) => (oid === types.builtins.INT8 ? Number : types.getTypeParser(oid)) };

/** A run as `livescore_sync_status` has it. Times are unix ms of the database. */
export interface StatusRow {
  readonly entity: string;
  readonly running: boolean;
  /** process of the run under way or the last one */
  readonly pid: number | null;
  readonly kind: string | null;
  readonly verdict: string | null;
  readonly error: string | null;
  readonly page: number;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
  readonly completeAtMs: number | null;
  readonly fullAtMs: number | null;
  readonly watermark: number | null;
  readonly wanted: string | null;
}

const ms = (column: string) => `(extract(epoch FROM ${column}) * 1000)::float8`;
const STATUS = `
  SELECT entity, run_id IS NOT NULL AS running, substring(runner FROM '[0-9]+$')::integer AS pid, kind, verdict, error, page,
         ${ms('started_at')} AS "startedAtMs", ${ms('finished_at')} AS "finishedAtMs", ${ms('complete_at')} AS "completeAtMs",
         ${ms('full_at')} AS "fullAtMs", watermark, wanted
    FROM livescore_sync_status ORDER BY entity`;

/** A database of one scenario, and direct access to it. */
export class ChaosDatabase {
  private constructor(
    readonly url: string,
    private readonly client: Client,
  ) {}

  static async create(): Promise<ChaosDatabase> {
    return ChaosDatabase.open((await createTestDatabase()).url);
  }

  /** The same rows in a database of its own. Nobody else may be connected to this one. */
  async copy(): Promise<ChaosDatabase> {
    const name = `livescore_test_${randomBytes(6).toString('hex')}`;
    await this.client.end();
    await runSql(serverUrl(), `CREATE DATABASE ${name} TEMPLATE ${nameIn(this.url)}`);
    return ChaosDatabase.open(Object.assign(new URL(serverUrl()), { pathname: `/${name}` }).href);
  }

  private static async open(url: string): Promise<ChaosDatabase> {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000, types: NUMBERS });
    client.on('error', () => undefined);
    await client.connect();
    return new ChaosDatabase(url, client);
  }

  async rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await this.client.query<Row>(text, [...values])).rows;
  }

  status(): Promise<readonly StatusRow[]> {
    return this.rows<StatusRow>(STATUS);
  }

  async nowMs(): Promise<number> {
    const [row] = await this.rows<{ atMs: number }>(`SELECT ${ms('clock_timestamp()')} AS "atMs"`);
    return row?.atMs ?? Number.NaN;
  }

  /** Asks for runs as `livescore sync run` does. */
  async want(entities: readonly string[], kind = 'incremental'): Promise<void> {
    await this.rows(
      `UPDATE livescore_sync_status SET wanted = $2, wanted_at = clock_timestamp(), wanted_by = 'chaos'
        WHERE entity = ANY ($1::text[])`,
      [entities, kind],
    );
  }

  async drop(): Promise<void> {
    await this.client.end().catch(() => undefined);
    await runSql(serverUrl(), `DROP DATABASE IF EXISTS ${nameIn(this.url)} WITH (FORCE)`);
  }
}

function nameIn(url: string): string {
  return new URL(url).pathname.slice(1);
}
