import { createHash } from 'node:crypto';
import type { Side } from '../../../domain/match-event.js';
import { isLive, MatchStatus } from '../../../domain/match-status.js';
import { displayScore } from '../../../domain/score.js';
import { COUNT_COLUMNS, KICKOFF_COLUMNS, kickoffsSql, shownSql } from '../../../platform/score-columns.js';
import type { Statement } from '../../../postgres/database.js';
import type { ScoreWrite } from '../../ports/score-store.js';

/** What travels per change, with its SQL type. The order is the order of the parameters. */
const INPUT = {
  id: 'text',
  version: 'bigint',
  epoch: 'integer',
  status: 'integer',
  home: 'jsonb',
  away: 'jsonb',
  home_shown: 'integer',
  away_shown: 'integer',
  first_half: 'bigint',
  second_half: 'bigint',
  overtime: 'bigint',
  kickoff_source: 'jsonb',
  minute: 'integer',
  provider_time: 'bigint',
  seen_ms: 'float8',
  pulled_ms: 'float8',
  reached: 'integer',
  source: 'text',
  at: 'bigint',
  received_ms: 'float8',
  catch_up: 'boolean',
  told_minute: 'integer',
  goal_incidents: 'jsonb',
} as const;

type Row = Readonly<Record<keyof typeof INPUT, unknown>>;

const COLUMNS = Object.keys(INPUT) as readonly (keyof typeof INPUT)[];

function toRow({ next, expectedVersion, source, atS, receivedAtMs, catchUp, goalIncidents }: ScoreWrite): Row {
  return {
    id: next.matchId,
    version: expectedVersion,
    epoch: next.epoch,
    status: next.status,
    home: next.home,
    away: next.away,
    home_shown: displayScore(next.home),
    away_shown: displayScore(next.away),
    first_half: next.kickoffs.firstHalfS,
    second_half: next.kickoffs.secondHalfS,
    overtime: next.kickoffs.overtimeS,
    kickoff_source: next.kickoffSources,
    minute: hasRunningMinute(next.status) ? next.minute : null,
    provider_time: next.providerTimeS,
    seen_ms: next.seenAtMs,
    pulled_ms: next.pulledAtMs,
    reached: next.reached,
    source,
    at: atS,
    received_ms: receivedAtMs,
    catch_up: catchUp,
    told_minute: next.minute,
    goal_incidents: goalIncidents,
  };
}

/** Elsewhere the stored minute stays: another writer may have moved it on. */
function hasRunningMinute(status: MatchStatus): boolean {
  return isLive(status) && status !== MatchStatus.Shootout;
}

/** How the statement names a value: an input column, or `before` and `minute_after` of the locked row. */
type Name = (column: string) => string;

/** No higher fence in the lease of the feed: asked once per statement. */
export const unfenced = (fence: string): string =>
  `(${fence}::bigint IS NULL OR ${fence}::bigint >= COALESCE((SELECT l.fence FROM livescore_lease l WHERE l.name = 'ingest'), 0))`;

// The casts of columns are for hosts that have them as bigint, numeric or text; where the type is ours PostgreSQL drops them.

/** Only another kick-off sets the minute of a period back. */
const sameKickoffs = (v: Name): string => {
  const inputs = { firstHalfS: 'first_half', secondHalfS: 'second_half', overtimeS: 'overtime' } as const;
  const stored = KICKOFF_COLUMNS.map(({ name }) => `m.${name}::bigint`).join(', ');
  const given = KICKOFF_COLUMNS.map(({ field }) => v(inputs[field])).join(', ');
  return `ARRAY[${stored}] = ARRAY[${given}]`;
};

/**
 * Takes the row if it is free, still has the expected version, and knows no newer provider time. `shown` and `times` of what
 * was there before are for whoever takes the change back.
 */
const lockRow = (v: Name, fence: string): string => `
  SELECT m.ctid AS row_id,
    CASE WHEN m.status_id::integer = ${v('status')} AND ${sameKickoffs(v)}
      THEN GREATEST(m.minute::integer, ${v('minute')}) ELSE COALESCE(${v('minute')}, m.minute::integer) END AS minute_after,
    jsonb_build_object('status', m.status_id::integer, 'home', m.home_scores, 'away', m.away_scores, 'kickoffs',
      ${kickoffsSql('m')},
      'shown', ${shownSql('m')},
      'times', jsonb_build_array(m.provider_update_time::bigint, m.score_seen_at)) AS before
  FROM ts_matches m
  WHERE m.external_id = ${v('id')} AND m.score_version = ${v('version')}
    AND (m.provider_update_time IS NULL OR m.provider_update_time::bigint <= ${v('provider_time')})
    AND ${unfenced(fence)}
  FOR NO KEY UPDATE SKIP LOCKED`;

/** The seven slots to the columns readers use; provenance only where the value changed or had none. */
const setSide = (v: Name, side: Side): string => {
  const accepted = `(m.${side}_scores::text = ${v(side)}::text) IS NOT TRUE OR m.${side}_score_source IS NULL
      OR (m.${side}_score_display::integer = ${v(`${side}_shown`)}) IS NOT TRUE`;
  const counts = COUNT_COLUMNS.map(({ name, slot }) => {
    const value = slot === 'display' ? v(`${side}_shown`) : `(${v(side)} ->> ${slot})::integer`;
    return `${side}_${name} = ${value}`;
  });
  return `
    ${side}_scores = ${v(side)},
    ${counts.join(',\n    ')},
    ${side}_score_source = CASE WHEN ${accepted} THEN ${v('source')} ELSE m.${side}_score_source END,
    ${side}_score_timestamp = CASE WHEN ${accepted} THEN ${v('at')} ELSE m.${side}_score_timestamp::bigint END,`;
};

/** @param protect for how long other writers are held off, ms; NULL leaves it as it is */
const setRow = (v: Name, protect: string): string => {
  const moved = `(m.status_id::integer = ${v('status')}) IS NOT TRUE`;
  const ticked = `ARRAY[m.minute::integer] <> ARRAY[${v('minute_after')}]`;
  return `
    score_version = ${v('version')} + 1,
    status_id = ${v('status')},
    status_id_source = CASE WHEN ${moved} THEN ${v('source')} ELSE m.status_id_source END,
    status_id_timestamp = CASE WHEN ${moved} THEN ${v('at')} ELSE m.status_id_timestamp::bigint END,
    ended = CASE WHEN ${moved} THEN ${v('status')} = 8 ELSE m.ended END,
    ${setSide(v, 'home')}
    ${setSide(v, 'away')}
    first_half_kickoff_ts = ${v('first_half')},
    second_half_kickoff_ts = ${v('second_half')},
    overtime_kickoff_ts = ${v('overtime')},
    kickoff_source = ${v('kickoff_source')},
    minute = ${v('minute_after')},
    minute_source = CASE WHEN ${ticked} THEN 'computed' ELSE m.minute_source END,
    minute_timestamp = CASE WHEN ${ticked} THEN ${v('at')} ELSE m.minute_timestamp::bigint END,
    last_minute_update_ts = CASE WHEN ${ticked} THEN ${v('at')} ELSE m.last_minute_update_ts::bigint END,
    provider_update_time = ${v('provider_time')},
    score_seen_at = to_timestamp(${v('seen_ms')} / 1000),
    score_pulled_at = to_timestamp(${v('pulled_ms')} / 1000),
    score_reached = ${v('reached')},
    score_protected_until =
      COALESCE(clock_timestamp() + (${protect}::float8 * interval '1 millisecond'), m.score_protected_until),
    last_update_source = ${v('source')},
    last_event_ts = ${v('at')},
    updated_at = now()`;
};

/** The journal row, from what was written. Its insert is the statement proper: the count of rows says what was done. */
const journal = (v: Name): string => `
INSERT INTO livescore_journal
    (match_id, epoch, version, source, before, after, provider_time, received_at, catch_up, minute, goal_incidents)
  SELECT ${v('id')}, ${v('epoch')}, ${v('version')} + 1, ${v('source')}, before,
    jsonb_build_object('status', ${v('status')}, 'home', ${v('home')}, 'away', ${v('away')}, 'kickoffs',
      jsonb_build_array(${v('first_half')}, ${v('second_half')}, ${v('overtime')})),
    ${v('provider_time')}, to_timestamp(${v('received_ms')} / 1000), ${v('catch_up')},
    ${v('told_minute')}, ${v('goal_incidents')}
  FROM written`;

const isInput = (column: string): column is keyof typeof INPUT => column in INPUT;

/** One change, scalar parameters: the statement of a quiet evening. */
function writeOne(): Statement {
  const v: Name = (column) => (isInput(column) ? `$${COLUMNS.indexOf(column) + 1}::${INPUT[column]}` : `h.${column}`);
  return named(
    'write_one',
    `WITH written AS (
  UPDATE ts_matches m SET ${setRow(v, `$${COLUMNS.length + 2}`)}
  FROM (${lockRow(v, `$${COLUMNS.length + 1}`)}) h
  WHERE m.ctid = h.row_id
  RETURNING h.before
)${journal(v)}`,
  );
}

/**
 * Many changes as one JSON document. The rows are found by `ctid` after the lock: a plan with one index probe per
 * row, whatever the statistics say.
 */
function writeMany(): Statement {
  const columns = COLUMNS.map((column) => `${column} ${INPUT[column]}`).join(', ');
  return named(
    'write_many',
    `WITH held AS (
  SELECT i.*, h.* FROM jsonb_to_recordset($1::jsonb) AS i (${columns})
  CROSS JOIN LATERAL (${lockRow((column) => `i.${column}`, '$2')}) h
), written AS (
  UPDATE ts_matches m SET ${setRow((column) => `i.${column}`, '$3')}
  FROM held i
  WHERE m.ctid = ANY (ARRAY(SELECT row_id FROM held)) AND m.external_id = i.id
  RETURNING i.*
)${journal((column) => column)}
RETURNING match_id`,
  );
}

/** The name carries a hash of the text: behind a shared connection a foreign copy of the name means the same text. */
export function named(name: string, text: string): Statement {
  return { name: `livescore_${name}_${createHash('sha256').update(text).digest('hex').slice(0, 12)}`, text };
}

const ONE = writeOne();
const MANY = writeMany();

export interface BoundStatement {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

/** The statement for these changes. Rows are locked in the order given: the caller sorts by match id. */
export function bind(writes: readonly ScoreWrite[], fence: number | null, protectMs: number | null): BoundStatement {
  const [only] = writes;
  if (writes.length !== 1 || !only) return bindMany(writes, fence, protectMs);
  const row = toRow(only);
  const values = COLUMNS.map((column) => (INPUT[column] === 'jsonb' ? JSON.stringify(row[column]) : row[column]));
  values.push(fence, protectMs);
  return { statement: ONE, values };
}

/** The same by the statement that tells which were written. */
export function bindMany(
  writes: readonly ScoreWrite[],
  fence: number | null,
  protectMs: number | null,
): BoundStatement {
  return { statement: MANY, values: [JSON.stringify(writes.map((write) => toRow(write))), fence, protectMs] };
}
