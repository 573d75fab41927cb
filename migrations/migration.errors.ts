import { LiveScoreError } from '../src/kernel/livescore.errors.js';

/** The database has no `ts_matches`, or one without the columns the package stands on. */
export class PlatformTableMissingError extends LiveScoreError {
  constructor(missing: string) {
    super(
      'LIVESCORE_PLATFORM_TABLE_MISSING',
      `${missing} does not exist in the search path of this connection: run the livescore migrations on the platform database`,
      { missing },
    );
  }
}

/** `ts_matches` already has a column with one of our names and another type: not ours to change. */
export class ForeignColumnError extends LiveScoreError {
  constructor(column: string, expected: string, received: string) {
    super(
      'LIVESCORE_FOREIGN_COLUMN',
      `ts_matches.${column} exists with type ${received}, the livescore migrations need ${expected}: rename the other column first`,
      { column, expected, received },
    );
  }
}

/** Other transactions were holding the table through every attempt. Nothing was changed. */
export class MigrationLockedError extends LiveScoreError {
  constructor(attempts: number, lockTimeoutMs: number, cause: unknown) {
    super(
      'LIVESCORE_MIGRATION_LOCKED',
      `The table stayed locked through ${attempts} attempts of ${lockTimeoutMs} ms; nothing was changed. Find the transaction that holds it (pg_locks, pg_stat_activity) and run the migration again`,
      { attempts, lockTimeoutMs },
      { cause },
    );
  }
}

/** The role cannot read the table that says which migrations ran. Nothing was changed. */
export class UnreadableHistoryError extends LiveScoreError {
  constructor(table: string, lacks: string) {
    super(
      'LIVESCORE_UNREADABLE_HISTORY',
      `${table} says which migrations ran, and this role cannot read it: it needs ${lacks}`,
      { table, lacks },
    );
  }
}

/** The migrations are PostgreSQL only. */
export class UnsupportedDatabaseError extends LiveScoreError {
  constructor(type: string) {
    super(
      'LIVESCORE_UNSUPPORTED_DATABASE',
      `The livescore migrations need a postgres data source, received "${type}"`,
      {
        type,
      },
    );
  }
}
