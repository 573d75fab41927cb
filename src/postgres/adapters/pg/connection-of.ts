import type { PoolConfig } from 'pg';
import type { DataSource } from 'typeorm';
import { LiveScoreError } from '../../../kernel/livescore.errors.js';

/**
 * Where the database is: the option, else what the host's TypeORM data source says.
 * @throws LiveScoreError `LIVESCORE_NO_DATABASE` when neither names one
 */
export function connectionOf(connection: string | PoolConfig | undefined, dataSource?: DataSource): PoolConfig {
  if (typeof connection === 'string') return { connectionString: connection };
  if (connection) return connection;
  const options = dataSource?.options;
  if (options?.type !== 'postgres') {
    throw new LiveScoreError(
      'LIVESCORE_NO_DATABASE',
      'PostgresModule: no database. Import TypeOrmModule with a postgres data source, name it in the option "dataSource" if it has a name, or set the "connection" option.',
    );
  }
  const { url, host, port, username, password, database, ssl } = options.replication?.master ?? options;
  return {
    ...options.extra,
    ...(url ? { connectionString: url } : {}),
    ...defined({ host, port, user: username, password, database, ssl }),
  } as PoolConfig;
}

/** The schema that the host's entities live in; undefined where the role's search path decides, as with an empty one. */
export function schemaOf(dataSource: DataSource | undefined): string | undefined {
  return dataSource?.options.type === 'postgres' ? dataSource.options.schema || undefined : undefined;
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
