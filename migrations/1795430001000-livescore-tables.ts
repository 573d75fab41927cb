import type { MigrationInterface, QueryRunner } from 'typeorm';
import { withLockRetries } from './lock-retries.js';
import { findPlatformTable } from './platform-table.js';

/** Our own tables: the journal of committed changes, what was announced, and settings. */
export class LivescoreTables1795430001000 implements MigrationInterface {
  readonly name = 'LivescoreTables1795430001000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      for (const statement of createStatements(schema)) await queryRunner.query(statement);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      for (const table of ['livescore_journal', 'livescore_announced', 'livescore_setting']) {
        await queryRunner.query(`DROP TABLE IF EXISTS ${schema}.${table}`);
      }
    });
  }
}

const createStatements = (schema: string): readonly string[] => [
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_journal (
    match_id      varchar(255) NOT NULL,
    epoch         integer      NOT NULL,
    version       bigint       NOT NULL,
    source        varchar(20)  NOT NULL,
    before        jsonb,
    after         jsonb        NOT NULL,
    provider_time bigint,
    received_at   timestamptz,
    committed_at  timestamptz  NOT NULL DEFAULT clock_timestamp(),
    catch_up      boolean      NOT NULL DEFAULT false,
    settled_at    timestamptz,
    PRIMARY KEY (match_id, epoch, version)
  )`,
  `CREATE INDEX IF NOT EXISTS livescore_journal_committed_at ON ${schema}.livescore_journal USING brin (committed_at)`,
  `COMMENT ON TABLE ${schema}.livescore_journal IS
    'One row per committed change of score, status or kick-offs of a match'`,
  ...Object.entries(JOURNAL_COMMENTS).map(
    ([column, text]) => `COMMENT ON COLUMN ${schema}.livescore_journal.${column} IS '${text}'`,
  ),
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_announced (
    match_id     varchar(255) NOT NULL,
    incident_key text         NOT NULL,
    announced_at timestamptz  NOT NULL DEFAULT now(),
    PRIMARY KEY (match_id, incident_key)
  )`,
  `COMMENT ON TABLE ${schema}.livescore_announced IS
    'Incidents (cards, substitutions) that clients were told about: each key once'`,
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_setting (
    name       varchar(50) PRIMARY KEY,
    value      text        NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT livescore_setting_foreign_writer_mode
      CHECK (name <> 'foreign_writer_mode' OR value IN ('off', 'observe', 'protect'))
  )`,
  `COMMENT ON TABLE ${schema}.livescore_setting IS
    'Settings that change at run time. foreign_writer_mode: off, observe or protect'`,
  `INSERT INTO ${schema}.livescore_setting (name, value) VALUES ('foreign_writer_mode', 'off')
    ON CONFLICT (name) DO NOTHING`,
];

const JOURNAL_COMMENTS = {
  match_id: 'ts_matches.external_id',
  epoch: 'Incarnation of the row: rises when a version is seen to fall (restore, re-insert)',
  version: 'ts_matches.score_version that the change made',
  source: 'Who made it: admin, mqtt, api, watchdog, computed, or foreign for a statement that is not ours',
  before:
    'State before: {"status":4,"home":[7 slots],"away":[7 slots],"kickoffs":[first half,second half,overtime]}, kick-offs in unix seconds or null; null when not known',
  after: 'State after, shaped like before; home or away is null where ts_matches has none',
  provider_time: 'Provider time of the change, unix seconds; null when it carried none',
  received_at: 'When this process received the update, our clock',
  committed_at: 'When the row was written, database clock',
  catch_up: 'Found by recovery, not seen as it happened',
  settled_at: 'When predictions were settled from this change; null until then',
} as const;
