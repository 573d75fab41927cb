import { DataSource, type DataSourceOptions, MigrationExecutor, type QueryRunner } from 'typeorm';
import { LIVESCORE_MIGRATIONS_TABLE, livescoreMigrations } from './livescore-migrations.js';
import { TURN_LOCK } from './lock-retries.js';
import { UnreadableHistoryError, UnsupportedDatabaseError } from './migration.errors.js';

/** The status says of one migration whether it ran. */
export interface MigrationStatus {
  readonly name: string;
  readonly ran: boolean;
}

/**
 * Runs the pending migrations of this package (and none of the host's) on the data source's database, all in one
 * transaction on one connection of its own. Instances that start together take turns.
 * @returns the names of those that ran, oldest first
 * @throws MigrationLockedError, PlatformTableMissingError, ForeignColumnError; nothing is changed then
 */
export function runLivescoreMigrations(dataSource: DataSource): Promise<string[]> {
  return inMigrationTransaction(dataSource, async (executor) => {
    const ran = await executor.executePendingMigrations();
    return ran.map(({ name }) => name);
  });
}

/** Takes back the newest migration that ran. @returns its name, null when none had */
export function revertLivescoreMigration(dataSource: DataSource): Promise<string | null> {
  return inMigrationTransaction(dataSource, async (executor) => {
    const [newest] = await executor.getExecutedMigrations();
    if (!newest) return null;
    await executor.undoLastMigration();
    return newest.name;
  });
}

/** Tells which of the package's migrations ran, oldest first. Changes nothing. */
export function livescoreMigrationStatus(dataSource: DataSource): Promise<MigrationStatus[]> {
  return inMigrationTransaction(dataSource, async (executor) => {
    const pending = new Set((await executor.getPendingMigrations()).map(({ name }) => name));
    return livescoreMigrations.map(({ name }) => ({ name, ran: !pending.has(name) }));
  });
}

async function inMigrationTransaction<T>(
  host: DataSource,
  work: (executor: MigrationExecutor) => Promise<T>,
): Promise<T> {
  const own = await new DataSource(migrationOptions(host.options)).initialize();
  try {
    const queryRunner = own.createQueryRunner();
    try {
      return await inTransaction(queryRunner, async () => {
        await needReadableHistory(queryRunner);
        return work(new MigrationExecutor(own, queryRunner));
      });
    } finally {
      await queryRunner.release();
    }
  } finally {
    await own.destroy();
  }
}

async function inTransaction<T>(queryRunner: QueryRunner, work: () => Promise<T>): Promise<T> {
  await queryRunner.startTransaction();
  try {
    await queryRunner.query(`SET LOCAL lock_timeout = '120s'`);
    await queryRunner.query('SELECT pg_catalog.pg_advisory_xact_lock($1::bigint)', [TURN_LOCK]);
    const result = await work();
    await queryRunner.commitTransaction();
    return result;
  } catch (error) {
    await queryRunner.rollbackTransaction();
    throw error;
  }
}

/**
 * TypeORM takes a table that the role may not see for one that is not there, and its migrations for pending.
 * @throws UnreadableHistoryError
 */
async function needReadableHistory(queryRunner: QueryRunner): Promise<void> {
  const { schema } = queryRunner.connection.options as { readonly schema?: string };
  const rows: { name: string; lacks: string | null }[] = await queryRunner.query(
    `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name,
        CASE WHEN NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE') THEN 'USAGE on its schema'
          WHEN NOT pg_catalog.has_table_privilege(c.oid, 'SELECT') THEN 'SELECT'
          WHEN pg_catalog.row_security_active(c.oid) THEN 'a role that row security does not apply to' END AS lacks
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
      WHERE c.relname OPERATOR(pg_catalog.=) $1::pg_catalog.name
        AND ($2::pg_catalog.text IS NULL OR n.nspname OPERATOR(pg_catalog.=) $2::pg_catalog.name)`,
    [LIVESCORE_MIGRATIONS_TABLE, schema ?? null],
  );
  const [found] = rows;
  if (found?.lacks && rows.every(({ lacks }) => lacks)) throw new UnreadableHistoryError(found.name, found.lacks);
}

/** The host's way to its database, and nothing else of the host: no entities, no schema synchronisation. */
function migrationOptions(host: DataSourceOptions): DataSourceOptions {
  if (host.type !== 'postgres') throw new UnsupportedDatabaseError(host.type);
  return {
    ...host,
    entities: [],
    subscribers: [],
    migrations: livescoreMigrations,
    migrationsTableName: LIVESCORE_MIGRATIONS_TABLE,
    migrationsRun: false,
    synchronize: false,
    dropSchema: false,
    cache: false,
    poolSize: 1,
  };
}
