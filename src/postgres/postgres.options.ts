import type { PoolConfig } from 'pg';
import { InvalidOptionError } from '../kernel/livescore.errors.js';

export interface PostgresOptions {
  /**
   * Connection string or `pg` pool settings. Without it the host's TypeORM `DataSource` names the database; the
   * connections are the package's own in either case.
   */
  readonly connection?: string | PoolConfig;
  /**
   * Connections, 2–10. One carries the score statement, the others load rows and write details.
   * @default 3
   */
  readonly poolSize?: number;
  /**
   * `auto` names statements, and stops for good when the path to the database (a transaction pooler) refuses names or
   * start-up parameters; `never` sends them unnamed from the start.
   * @default 'auto'
   */
  readonly preparedStatements?: 'auto' | 'never';
  /**
   * Longest run of one statement in ms, 100–60,000: asked of the server where it takes start-up parameters, and
   * enforced by the client everywhere, 2,000 ms later. A database that is slower than this never gets a score written.
   * @default 10000
   */
  readonly statementTimeoutMs?: number;
  /**
   * Longest wait for a connection in ms, 100–60,000.
   * @default 3000
   */
  readonly connectTimeoutMs?: number;
}

export type ResolvedPostgresOptions = Required<Omit<PostgresOptions, 'connection'>> &
  Pick<PostgresOptions, 'connection'>;

const MODULE = 'PostgresModule';

/** @throws InvalidOptionError */
export function resolvePostgresOptions(options: PostgresOptions = {}): ResolvedPostgresOptions {
  const { connection } = options;
  if (connection !== undefined && typeof connection !== 'object' && !isPostgresUrl(connection)) {
    throw new InvalidOptionError(MODULE, 'connection', 'a postgres:// URL or pg pool settings', typeof connection);
  }
  const preparedStatements = options.preparedStatements ?? 'auto';
  if (preparedStatements !== 'auto' && preparedStatements !== 'never') {
    throw new InvalidOptionError(MODULE, 'preparedStatements', "'auto' or 'never'", preparedStatements);
  }
  return {
    connection,
    preparedStatements,
    poolSize: integer('poolSize', options.poolSize ?? 3, 2, 10),
    statementTimeoutMs: integer('statementTimeoutMs', options.statementTimeoutMs ?? 10_000, 100, 60_000),
    connectTimeoutMs: integer('connectTimeoutMs', options.connectTimeoutMs ?? 3000, 100, 60_000),
  };
}

function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new InvalidOptionError(MODULE, name, `an integer from ${min} to ${max}`, value);
}

function isPostgresUrl(value: unknown): boolean {
  return typeof value === 'string' && /^postgres(ql)?:\/\//.test(value);
}
