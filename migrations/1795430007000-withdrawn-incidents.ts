import type { MigrationInterface, QueryRunner } from 'typeorm';
import { withLockRetries } from './lock-retries.js';
import { findPlatformTable } from './platform-table.js';

/** Incidents that the provider's list named once and names no more. */
export class WithdrawnIncidents1795430007000 implements MigrationInterface {
  readonly name = 'WithdrawnIncidents1795430007000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      for (const statement of createStatements(schema)) await queryRunner.query(statement);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, () =>
      queryRunner.query(`DROP TABLE IF EXISTS ${schema}.livescore_withdrawn_incident`),
    );
  }
}

const createStatements = (schema: string): readonly string[] => [
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_withdrawn_incident (
    id           bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    match_id     varchar(255) NOT NULL,
    incident     jsonb        NOT NULL,
    withdrawn_at timestamptz  NOT NULL DEFAULT clock_timestamp()
  )`,
  `CREATE INDEX IF NOT EXISTS livescore_withdrawn_incident_match
    ON ${schema}.livescore_withdrawn_incident (match_id, withdrawn_at)`,
  `COMMENT ON TABLE ${schema}.livescore_withdrawn_incident IS
    'Incidents that a newer list of the provider no longer named, as they stood in ts_matches.incidents: for audit'`,
  `COMMENT ON COLUMN ${schema}.livescore_withdrawn_incident.withdrawn_at IS 'When the newer list was written'`,
];
