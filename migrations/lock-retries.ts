import { Logger } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import { MigrationLockedError } from './migration.errors.js';

export interface LockRetryOptions {
  /** @default 10 */
  readonly attempts?: number;
  /** how long one attempt waits for a lock, milliseconds; other writers of the table wait behind it no longer than this @default 2000 */
  readonly lockTimeoutMs?: number;
}

/** Key of the advisory lock (one transaction long) by which instances that migrate at once take turns; outside the platform's ranges. */
export const TURN_LOCK = 900_795_430_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** A function or operator of another schema may match better than that of the catalogue: no other schema is looked at. */
export const SAFE_PATH = 'pg_catalog, pg_temp';
const MAX_BACKOFF_MS = 3000;
const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK_DETECTED = '40P01';

const logger = new Logger('LivescoreMigrations');

/**
 * Runs schema statements on a table that live traffic uses: waits a bounded time for the lock, gives way to the traffic
 * queued behind it, tries again. Names are looked up in the catalogue only: a statement names the schema of each table. An attempt is a transaction of its own, or a savepoint where TypeORM already runs one
 * (its default mode): a failed attempt leaves nothing behind and holds no lock while it waits.
 * @throws MigrationLockedError when no attempt got its lock
 */
export async function withLockRetries(
  queryRunner: QueryRunner,
  work: () => Promise<void>,
  { attempts = 10, lockTimeoutMs = 2000 }: LockRetryOptions = {},
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptOnce(queryRunner, work, lockTimeoutMs);
    } catch (error) {
      if (!isLockConflict(error)) throw error;
      if (attempt >= attempts) throw new MigrationLockedError(attempts, lockTimeoutMs, error);
      const backoffMs = Math.min(MAX_BACKOFF_MS, 100 * 2 ** attempt) * (0.5 + Math.random() / 2);
      logger.warn('Migration gave way to a lock and tries again', {
        attempt,
        attempts,
        backoffMs: Math.round(backoffMs),
      });
      await new Promise((resolve) => setTimeout(resolve, backoffMs));
    }
  }
}

async function attemptOnce(queryRunner: QueryRunner, work: () => Promise<void>, lockTimeoutMs: number): Promise<void> {
  await queryRunner.startTransaction();
  try {
    const before = await setForTransaction(queryRunner, {
      lock: `${lockTimeoutMs}ms`,
      statement: `${STATEMENT_TIMEOUT_MS}ms`,
      path: SAFE_PATH,
    });
    await queryRunner.query('SELECT pg_catalog.pg_advisory_xact_lock($1::bigint)', [TURN_LOCK]);
    await work();
    // A released savepoint would hand the settings on to the migrations that follow in the same transaction.
    await setForTransaction(queryRunner, before);
    await queryRunner.commitTransaction();
  } catch (error) {
    await queryRunner.rollbackTransaction();
    throw error;
  }
}

interface Settings {
  readonly lock: string;
  readonly statement: string;
  /** search_path */
  readonly path: string;
}

/** Sets all for the rest of the transaction and returns what they were. */
async function setForTransaction(queryRunner: QueryRunner, { lock, statement, path }: Settings): Promise<Settings> {
  const rows: Settings[] = await queryRunner.query(
    `SELECT pg_catalog.current_setting('lock_timeout') AS lock, pg_catalog.current_setting('statement_timeout') AS statement,
      pg_catalog.current_setting('search_path') AS path`,
  );
  await queryRunner.query(
    `SELECT pg_catalog.set_config('lock_timeout', $1, true), pg_catalog.set_config('statement_timeout', $2, true),
      pg_catalog.set_config('search_path', $3, true)`,
    [lock, statement, path],
  );
  return rows[0] ?? { lock: '0', statement: '0', path };
}

function isLockConflict(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === LOCK_NOT_AVAILABLE || code === DEADLOCK_DETECTED;
}
