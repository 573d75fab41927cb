import { DataSource } from 'typeorm';
import { LiveScoreError } from '../src/kernel/livescore.errors.js';
import { readAddress } from '../src/kernel/service-address.js';
import { LIVESCORE_MIGRATIONS_TABLE, livescoreMigrations } from './livescore-migrations.js';

/** For the TypeORM command line: `typeorm migration:run -d <this file, compiled>`, with DATABASE_URL set. */
export const livescoreDataSource = new DataSource({
  type: 'postgres',
  url: databaseUrl(),
  migrations: livescoreMigrations,
  migrationsTableName: LIVESCORE_MIGRATIONS_TABLE,
  poolSize: 1,
});

function databaseUrl(): string {
  const url = process.env.DATABASE_URL;
  if (!url) throw new LiveScoreError('LIVESCORE_NO_DATABASE_URL', 'Set DATABASE_URL to the platform database');
  readAddress('database', url);
  return url;
}
