import { createHash } from 'node:crypto';
import { isLive, MatchStatus } from '../../../domain/match-status.js';
import { displayScore } from '../../../domain/score.js';
import type { Statement } from '../../../postgres/database.js';
import type { ScoreWrite } from '../../ports/score-store.js';

type Input = readonly [column: string, type: string, value: (write: ScoreWrite, n: number) => unknown];

/** What travels per change. The order is the order of the parameters. */
const INPUT: readonly Input[] = [
  ['n', 'integer', (_, n) => n],
  ['id', 'text', (w) => w.next.matchId],
  ['version', 'bigint', (w) => w.expectedVersion],
  ['epoch', 'integer', (w) => w.next.epoch],
  ['status', 'integer', (w) => w.next.status],
  ['home', 'jsonb', (w) => w.next.home],
  ['away', 'jsonb', (w) => w.next.away],
  ['home_shown', 'integer', (w) => displayScore(w.next.home)],
  ['away_shown', 'integer', (w) => displayScore(w.next.away)],
  ['first_half', 'bigint', (w) => w.next.kickoffs.firstHalfS],
  ['second_half', 'bigint', (w) => w.next.kickoffs.secondHalfS],
  ['overtime', 'bigint', (w) => w.next.kickoffs.overtimeS],
  ['kickoff_source', 'jsonb', (w) => w.next.kickoffSources],
  ['minute', 'integer', (w) => (hasRunningMinute(w.next.status) ? w.next.minute : null)],
  ['provider_time', 'bigint', (w) => w.next.providerTimeS],
  ['seen_ms', 'float8', (w) => w.next.seenAtMs],
  ['pulled_ms', 'float8', (w) => w.next.pulledAtMs],
  ['reached', 'integer', (w) => w.next.reached],
  ['source', 'text', (w) => w.source],
  ['at', 'bigint', (w) => w.atS],
  ['received_ms', 'float8', (w) => w.receivedAtMs],
  ['catch_up', 'boolean', (w) => w.catchUp],
];

/** Elsewhere the stored minute stays: another writer may have moved it on. */
function hasRunningMinute(status: MatchStatus): boolean {
  return isLive(status) && status !== MatchStatus.Shootout;
}

/** The seven slots to the columns readers use; provenance only where the value changed or had none. */
const SET = `
  score_version = i.version + 1,
  status_id = i.status,
  status_id_source = CASE WHEN m.status_id IS DISTINCT FROM i.status THEN i.source ELSE m.status_id_source END,
  status_id_timestamp = CASE WHEN m.status_id IS DISTINCT FROM i.status THEN i.at ELSE m.status_id_timestamp END,
  ended = CASE WHEN m.status_id IS DISTINCT FROM i.status THEN i.status = 8 ELSE m.ended END,
  ${(['home', 'away'] as const)
    .map(
      (side) => `
  ${side}_scores = i.${side},
  ${side}_score_display = i.${side}_shown,
  ${side}_score_regular = (i.${side} ->> 0)::integer,
  ${side}_score_overtime = (i.${side} ->> 5)::integer,
  ${side}_score_penalties = (i.${side} ->> 6)::integer,
  ${side}_red_cards = (i.${side} ->> 2)::integer,
  ${side}_yellow_cards = (i.${side} ->> 3)::integer,
  ${side}_corners = (i.${side} ->> 4)::integer,
  ${side}_score_source = CASE WHEN m.${side}_scores IS DISTINCT FROM i.${side} OR m.${side}_score_source IS NULL
    THEN i.source ELSE m.${side}_score_source END,
  ${side}_score_timestamp = CASE WHEN m.${side}_scores IS DISTINCT FROM i.${side} OR m.${side}_score_source IS NULL
    THEN i.at ELSE m.${side}_score_timestamp END,`,
    )
    .join('')}
  first_half_kickoff_ts = i.first_half,
  second_half_kickoff_ts = i.second_half,
  overtime_kickoff_ts = i.overtime,
  kickoff_source = i.kickoff_source,
  minute = i.minute_after,
  minute_source = CASE WHEN m.minute IS DISTINCT FROM i.minute_after THEN 'computed' ELSE m.minute_source END,
  minute_timestamp = CASE WHEN m.minute IS DISTINCT FROM i.minute_after THEN i.at ELSE m.minute_timestamp END,
  last_minute_update_ts = CASE WHEN m.minute IS DISTINCT FROM i.minute_after
    THEN i.at ELSE m.last_minute_update_ts END,
  provider_update_time = i.provider_time,
  score_seen_at = to_timestamp(i.seen_ms / 1000),
  score_pulled_at = to_timestamp(i.pulled_ms / 1000),
  score_reached = i.reached,
  last_update_source = i.source,
  last_event_ts = i.at,
  updated_at = now()`;

/**
 * Lock what is free and still has the expected version and no newer provider time; update it; journal it; say which.
 * The rows are found by `ctid` after the lock: a plan with one index probe per row, whatever the statistics say.
 */
function compareAndSet(name: string, input: string): Statement {
  const text = `
WITH input AS (${input}),
held AS (
  SELECT i.*, r.row_id, r.before, r.minute_after
  FROM input i CROSS JOIN LATERAL (
    SELECT m.ctid AS row_id,
      CASE WHEN m.status_id = i.status THEN GREATEST(m.minute, i.minute)
        ELSE COALESCE(i.minute, m.minute) END AS minute_after,
      jsonb_build_object('status', m.status_id, 'home', m.home_scores, 'away', m.away_scores, 'kickoffs',
        jsonb_build_array(m.first_half_kickoff_ts, m.second_half_kickoff_ts, m.overtime_kickoff_ts)) AS before
    FROM ts_matches m
    WHERE m.external_id = i.id AND m.score_version = i.version
      AND (m.provider_update_time IS NULL OR m.provider_update_time <= i.provider_time)
    FOR NO KEY UPDATE SKIP LOCKED
  ) r
),
written AS (
  UPDATE ts_matches m SET ${SET}
  FROM held i
  WHERE m.ctid = ANY (ARRAY(SELECT row_id FROM held)) AND m.external_id = i.id
  RETURNING i.*
),
journaled AS (
  INSERT INTO livescore_journal
    (match_id, epoch, version, source, before, after, provider_time, received_at, catch_up)
  SELECT id, epoch, version + 1, source, before,
    jsonb_build_object('status', status, 'home', home, 'away', away, 'kickoffs',
      jsonb_build_array(first_half, second_half, overtime)),
    provider_time, to_timestamp(received_ms / 1000), catch_up
  FROM written
)
SELECT n FROM written`;
  return named(name, text);
}

/** The name carries a hash of the text: behind a shared connection a foreign copy of the name means the same text. */
export function named(name: string, text: string): Statement {
  return { name: `livescore_${name}_${createHash('sha256').update(text).digest('hex').slice(0, 12)}`, text };
}

const COLUMNS = INPUT.map(([column, type]) => `${column} ${type}`).join(', ');

/** One change, scalar parameters: the statement of a quiet evening. */
const ONE = compareAndSet(
  'write_one',
  `SELECT ${INPUT.map(([c, type], n) => `$${n + 1}::${type} AS ${c}`).join(', ')}`,
);
/** Many changes as one JSON parameter. */
const MANY = compareAndSet('write_many', `SELECT * FROM jsonb_to_recordset($1::jsonb) AS input(${COLUMNS})`);

export interface BoundStatement {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

/** The statement for these changes. Rows are locked in the order given: the caller sorts by match id. */
export function bind(writes: readonly ScoreWrite[]): BoundStatement {
  const [only] = writes;
  if (writes.length === 1 && only) {
    return {
      statement: ONE,
      values: INPUT.map(([, type, value]) => (type === 'jsonb' ? JSON.stringify(value(only, 0)) : value(only, 0))),
    };
  }
  const rows = writes.map((write, n) =>
    Object.fromEntries(INPUT.map(([column, , value]) => [column, value(write, n)])),
  );
  return { statement: MANY, values: [JSON.stringify(rows)] };
}
