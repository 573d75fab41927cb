import type { MigrationInterface, QueryRunner } from 'typeorm';
import { withLockRetries } from './lock-retries.js';
import { findPlatformTable } from './platform-table.js';

/** Verdicts about predictions as revisions, and how far each match is settled. No table of the platform is touched. */
export class SettlementTables1795430070000 implements MigrationInterface {
  readonly name = 'SettlementTables1795430070000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, async () => {
      for (const statement of createStatements(schema)) await queryRunner.query(statement);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { schema } = await findPlatformTable(queryRunner);
    await withLockRetries(queryRunner, () =>
      queryRunner.query(`DROP TABLE IF EXISTS ${schema}.livescore_settlement, ${schema}.livescore_settlement_match`),
    );
  }
}

const createStatements = (schema: string): readonly string[] => [
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_settlement (
    prediction_id uuid        NOT NULL,
    is_shadow     boolean     NOT NULL,
    revision      integer     NOT NULL,
    match_id      text        NOT NULL,
    verdict       text        NOT NULL CHECK (verdict IN ('open', 'won', 'lost', 'void', 'awaiting')),
    result        text        NOT NULL,
    certainty     smallint    NOT NULL CHECK (certainty IN (1, 2)),
    reason        text        NOT NULL,
    cause         text        NOT NULL,
    market        text        NOT NULL,
    rule          text        NOT NULL,
    rule_version  integer     NOT NULL,
    period        text        NOT NULL,
    basis         text,
    score         text,
    epoch         integer     NOT NULL,
    version       bigint      NOT NULL,
    deadline      timestamptz,
    supersedes    integer,
    told          boolean     NOT NULL,
    fingerprint   text        NOT NULL,
    decided_at    timestamptz NOT NULL,
    PRIMARY KEY (prediction_id, is_shadow, revision)
  )`,
  `CREATE INDEX IF NOT EXISTS livescore_settlement_by_match ON ${schema}.livescore_settlement (match_id)`,
  `COMMENT ON TABLE ${schema}.livescore_settlement IS
    'One row per revision of the verdict about a prediction; the highest revision holds'`,
  ...commentsOn(`${schema}.livescore_settlement`, SETTLEMENT_COMMENTS),
  `CREATE TABLE IF NOT EXISTS ${schema}.livescore_settlement_match (
    match_id    text        PRIMARY KEY,
    step        integer     NOT NULL,
    epoch       integer     NOT NULL,
    version     bigint      NOT NULL,
    path        jsonb       NOT NULL,
    words       jsonb       NOT NULL DEFAULT '[]',
    heard       integer     NOT NULL DEFAULT 0,
    predictions bigint      NOT NULL,
    mode        text        NOT NULL,
    next_at     timestamptz,
    settled_at  timestamptz NOT NULL DEFAULT clock_timestamp()
  )`,
  `CREATE INDEX IF NOT EXISTS livescore_settlement_match_due
    ON ${schema}.livescore_settlement_match (next_at) WHERE next_at IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS livescore_settlement_match_settled ON ${schema}.livescore_settlement_match (settled_at)`,
  `COMMENT ON TABLE ${schema}.livescore_settlement_match IS
    'How far the journal of a match with predictions is settled'`,
  ...commentsOn(`${schema}.livescore_settlement_match`, MATCH_COMMENTS),
];

const SETTLEMENT_COMMENTS = {
  prediction_id: 'ai_predictions.id',
  is_shadow: 'Worked out beside the settlement of the platform, and written nowhere else',
  revision: 'Counts from 1',
  verdict: 'open: taken back; awaiting: the end is missing, until the deadline',
  result: 'What ai_predictions.result became: pending, won, lost or cancelled',
  certainty: '1 on a live score, 2 confirmed',
  reason: 'Which rule spoke, for example instant_win_ms',
  cause: 'What happened to the match: goal, var, half-time, full-time, stood, abandoned and so on',
  market: 'The market in one way, however its text was spelled',
  basis: 'Goals of the period that decided, home-away; null where none did',
  score: 'Goals of the period as it stood',
  epoch: 'Of the newest version of the match that was looked at',
  version: 'Of the newest version of the match that was looked at',
  deadline: 'When an awaiting verdict becomes void',
  supersedes: 'The revision before',
  told: 'Clients were sent a result by this revision or one before',
  fingerprint: 'SHA-256 of what the verdict says: the same one is not written twice',
  decided_at: 'Commit of the version, or the moment, that decided',
} as const;

const MATCH_COMMENTS = {
  step: 'Rises with every write: who has another one in mind writes nothing',
  path: 'Fold of the versions up to epoch and version',
  words: 'What people and other tables said: it is folded in with the versions',
  heard: 'How many of the words are part of the path',
  predictions: 'Signature of the predictions of the match at the last look; negative while not all were asked about',
  mode: 'of the last look: shadow or on',
  next_at: 'When time alone will decide something',
} as const;

function commentsOn(table: string, comments: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(comments).map(([column, text]) => `COMMENT ON COLUMN ${table}.${column} IS '${text}'`);
}
