import type { PoolConfig } from 'pg';
import { type OptionRule, optionsOf } from '../kernel/options.js';
import { checked, integer, object, oneOf, text } from '../kernel/options-rules.js';
import { isAddress } from '../kernel/service-address.js';

/** These options configure {@link PostgresModule}. */
export interface PostgresOptions {
  /**
   * Connection string or `pg` pool settings. Without it the host's TypeORM `DataSource` names the database; the
   * connections are the package's own in either case.
   * @default that of the host's `DataSource`
   */
  readonly connection?: string | PoolConfig;
  /**
   * Name of the host's TypeORM `DataSource` whose database and schema are meant, not blank: the `name` it was registered
   * with. @default the one without a name
   */
  readonly dataSource?: string;
  /**
   * Schema of `ts_matches` and of the package's tables, 1–63 characters: every statement names it.
   * @default that of the host's `DataSource`; without one the search path of the role decides, as for the host
   */
  readonly schema?: string;
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

type Connection = PostgresOptions['connection'];

const CONNECTION = checked<Connection>(
  'a postgres:// URL with user and password percent-encoded, or pg pool settings',
  isConnection,
  undefined,
);
const anything = (value: unknown) => value;
/** The driver takes any name in silence: one with a typing error would connect somewhere else. */
const DRIVER_SETTINGS = object({
  user: anything,
  database: anything,
  password: anything,
  port: anything,
  host: anything,
  connectionString: anything,
  keepAlive: anything,
  stream: anything,
  statement_timeout: anything,
  ssl: anything,
  enableChannelBinding: anything,
  sslnegotiation: anything,
  query_timeout: anything,
  lock_timeout: anything,
  keepAliveInitialDelayMillis: anything,
  idle_in_transaction_session_timeout: anything,
  application_name: anything,
  fallback_application_name: anything,
  connectionTimeoutMillis: anything,
  types: anything,
  options: anything,
  client_encoding: anything,
  pipeline: anything,
  binary: anything,
  max: anything,
  min: anything,
  idleTimeoutMillis: anything,
  log: anything,
  Promise: anything,
  allowExitOnIdle: anything,
  maxUses: anything,
  maxLifetimeSeconds: anything,
  Client: anything,
  onConnect: anything,
  verify: anything,
} satisfies Record<keyof PoolConfig, OptionRule<unknown>> & Record<string, OptionRule<unknown>>);
const connectionRule: OptionRule<Connection> = (value, place) => {
  const connection = CONNECTION(value, place);
  if (typeof connection === 'object' && connection !== null) DRIVER_SETTINGS(connection, place);
  return connection;
};

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedPostgresOptions extends optionsOf(
  'PostgresModule',
  object({
    connection: connectionRule,
    dataSource: text(undefined),
    schema: text(undefined, 63),
    poolSize: integer({ default: 3, min: 2, max: 10, unit: 'connections' }),
    preparedStatements: oneOf(['auto', 'never'], 'auto'),
    statementTimeoutMs: integer({ default: 10_000, min: 100, max: 60_000, unit: 'ms' }),
    connectTimeoutMs: integer({ default: 3_000, min: 100, max: 60_000, unit: 'ms' }),
  }),
) {}

/** @throws InvalidOptionError */
export function resolvePostgresOptions(options?: PostgresOptions): ResolvedPostgresOptions {
  return new ResolvedPostgresOptions(options);
}

function isConnection(value: unknown): boolean {
  if (typeof value === 'string') return isAddress('database', value);
  if (typeof value !== 'object' || value === null) return false;
  const { connectionString } = value as PoolConfig;
  return connectionString === undefined || isAddress('database', connectionString);
}
