import type { MigrationInterface, QueryRunner } from 'typeorm';
import { withLockRetries } from './lock-retries.js';
import { ForeignColumnError } from './migration.errors.js';
import { findPlatformTable } from './platform-table.js';

/** Our columns on `ts_matches`: constant defaults (no rewrite), no index. */
export class ScoreColumns1795430002000 implements MigrationInterface {
  readonly name = 'ScoreColumns1795430002000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema, columns } = await findPlatformTable(queryRunner);
    for (const { name, type } of SCORE_COLUMNS) {
      const found = columns.get(name);
      if (found && found !== type) throw new ForeignColumnError(name, type, found);
    }
    const missing = SCORE_COLUMNS.filter(({ name }) => !columns.has(name));
    if (missing.length > 0) {
      const additions = missing.map(
        ({ name, type, constraint }) => `ADD COLUMN IF NOT EXISTS ${name} ${type} ${constraint ?? ''}`,
      );
      await withLockRetries(queryRunner, () =>
        queryRunner.query(`ALTER TABLE ${schema}.ts_matches ${additions.join(', ')}`),
      );
    }
    await withLockRetries(queryRunner, async () => {
      for (const { name, comment } of SCORE_COLUMNS) {
        await queryRunner.query(`COMMENT ON COLUMN ${schema}.ts_matches.${name} IS '${comment}'`);
      }
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema, columns } = await findPlatformTable(queryRunner);
    const ours = SCORE_COLUMNS.filter(({ name }) => columns.has(name));
    if (ours.length === 0) return;
    const drops = ours.map(({ name }) => `DROP COLUMN IF EXISTS ${name}`);
    await withLockRetries(queryRunner, () => queryRunner.query(`ALTER TABLE ${schema}.ts_matches ${drops.join(', ')}`));
  }
}

interface ScoreColumn {
  readonly name: string;
  readonly type: string;
  readonly constraint?: string;
  readonly comment: string;
}

const SCORE_COLUMNS: readonly ScoreColumn[] = [
  {
    name: 'score_version',
    type: 'bigint',
    constraint: 'NOT NULL DEFAULT 0',
    comment: 'livescore: rises by one with every committed change of score, status or kick-offs',
  },
  {
    name: 'score_seen_at',
    type: 'timestamp with time zone',
    comment: 'livescore: receipt (our clock) of the last push that carried score and status, applied or duplicate',
  },
  {
    name: 'score_pulled_at',
    type: 'timestamp with time zone',
    comment: 'livescore: request time (our clock) of the last applied pull; null before the first',
  },
  {
    name: 'kickoff_source',
    type: 'jsonb',
    comment:
      'livescore: source of each kick-off we wrote, {"firstHalf":"mqtt","secondHalf":"api","overtime":"api"}; a kick-off without a source is an estimate',
  },
  {
    name: 'score_reached',
    type: 'smallint',
    constraint: 'NOT NULL DEFAULT 0',
    comment: 'livescore: furthest live status_id ever committed; 0 before the match',
  },
  {
    name: 'score_protected_until',
    type: 'timestamp with time zone',
    comment:
      'livescore: until then (database clock) mode protect keeps score, status and kick-offs against foreign writers',
  },
];
