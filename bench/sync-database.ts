import { Client } from 'pg';
import { platformSchemaSql } from '../src/testing/index.js';
import { execute, migrate, urlOf } from './database.js';
import { NAMES } from './sync-columns.js';

/** Which rows `ts_players` has before a turn, or is to have after it. */
export type KeptRows = 'none' | 'first' | 'later';

const row = (alias: string) => `ROW(${NAMES.replaceAll(/(\w+)/g, `${alias}.$1`)})`;

/** The platform's tables with all indexes, our migrations, and the rows that each turn begins with. */
export class SyncDatabase {
  private constructor(
    private readonly serverUrl: string,
    private readonly name: string,
    readonly url: string,
    private readonly sql: Client,
  ) {}

  static async create(serverUrl: string, name: string): Promise<SyncDatabase> {
    await execute(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    const url = urlOf(serverUrl, name);
    await execute(url, platformSchemaSql);
    await migrate(url);
    // what the server does on its own would meet one subject and spare another
    await execute(url, 'ALTER TABLE ts_players SET (autovacuum_enabled = off)');
    const sql = new Client(url);
    await sql.connect();
    return new SyncDatabase(serverUrl, name, url, sql);
  }

  /** What the table has now is how turns begin, or what they are compared with. */
  async keepAs(kept: Exclude<KeptRows, 'none'>): Promise<void> {
    await this.sql.query(`CREATE TABLE bench_${kept} AS SELECT * FROM ts_players`);
    await this.sql.query(`CREATE UNIQUE INDEX ON bench_${kept} (external_id)`);
    await this.sql.query(`ANALYZE bench_${kept}`);
  }

  /** The table as new, with these rows; an empty one was never looked at by the planner's statistics. */
  async reset(kept: KeptRows): Promise<void> {
    await this.sql.query('TRUNCATE ts_players');
    if (kept === 'none') return;
    await this.sql.query(`INSERT INTO ts_players SELECT * FROM bench_${kept}`);
    await this.sql.query('VACUUM (ANALYZE) ts_players');
  }

  /** How many of these players have the row that they are to have. */
  async countRight(kept: Exclude<KeptRows, 'none'>, ids: readonly unknown[]): Promise<number> {
    const { rows } = await this.sql.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM ts_players t JOIN bench_${kept} k ON k.external_id = t.external_id
       WHERE t.external_id = ANY ($1::text[]) AND ${row('t')} IS NOT DISTINCT FROM ${row('k')}`,
      [ids],
    );
    return rows[0]!.count;
  }

  async drop(): Promise<void> {
    await this.sql.end();
    await execute(this.serverUrl, `DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
  }
}
