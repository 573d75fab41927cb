import type { MigrationInterface } from 'typeorm';
import { LivescoreTables1795430001000 } from './1795430001000-livescore-tables.js';
import { ScoreColumns1795430002000 } from './1795430002000-score-columns.js';
import { ForeignWriterTrigger1795430003000 } from './1795430003000-foreign-writer-trigger.js';
import { DeliveryTables1795430004000 } from './1795430004000-delivery-tables.js';
import { RolloutTables1795430005000 } from './1795430005000-rollout-tables.js';
import { ForeignWriteTraces1795430006000 } from './1795430006000-foreign-write-traces.js';
import { WithdrawnIncidents1795430007000 } from './1795430007000-withdrawn-incidents.js';
import { Hosts1795430009000 } from './1795430009000-hosts.js';
import { ForeignWriterAuthority1795430010000 } from './1795430010000-foreign-writer-authority.js';
import { SafeForeignWriter1795430011000 } from './1795430011000-safe-foreign-writer.js';
import { JournalByTime1795430012000 } from './1795430012000-journal-by-time.js';
import { MinuteTables1795430020000 } from './1795430020000-minute-tables.js';
import { AnnouncedNews1795430040000 } from './1795430040000-announced-news.js';
import { MinuteHold1795430060000 } from './1795430060000-minute-hold.js';
import { SettlementTables1795430070000 } from './1795430070000-settlement-tables.js';
import { SyncTables1795430080000 } from './1795430080000-sync-tables.js';

/**
 * The list names the package's migrations, oldest first, for the `migrations` of a TypeORM data source; any transaction
 * mode will do. Each works up and down and may run twice; a released one never changes.
 */
export const livescoreMigrations: (new () => MigrationInterface)[] = [
  LivescoreTables1795430001000,
  ScoreColumns1795430002000,
  ForeignWriterTrigger1795430003000,
  DeliveryTables1795430004000,
  RolloutTables1795430005000,
  ForeignWriteTraces1795430006000,
  WithdrawnIncidents1795430007000,
  Hosts1795430009000,
  ForeignWriterAuthority1795430010000,
  SafeForeignWriter1795430011000,
  JournalByTime1795430012000,
  MinuteTables1795430020000,
  AnnouncedNews1795430040000,
  MinuteHold1795430060000,
  SettlementTables1795430070000,
  SyncTables1795430080000,
];

/** In this table TypeORM notes which of {@link livescoreMigrations} ran, apart from the host's own table. */
export const LIVESCORE_MIGRATIONS_TABLE = 'livescore_migrations';
