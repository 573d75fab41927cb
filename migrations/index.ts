export { LIVESCORE_MIGRATIONS_TABLE, livescoreMigrations } from './livescore-migrations.js';
export {
  ForeignColumnError,
  MigrationLockedError,
  PlatformTableMissingError,
  UnreadableHistoryError,
  UnsupportedDatabaseError,
} from './migration.errors.js';
export {
  livescoreMigrationStatus,
  type MigrationStatus,
  revertLivescoreMigration,
  runLivescoreMigrations,
} from './run-migrations.js';
