import { kickoffsSql, SIDES } from '../../platform/score-columns.js';
import { SCORE_COLUMNS_SQL } from '../../platform/score-row.js';

const LIVE = 'm.status_id = ANY (ARRAY[2, 3, 4, 5, 7]) AND m.external_id IS NOT NULL';
const SHOWN = 5;

/** What readers take the score from. */
const HAS_SCORE = SIDES.flatMap((side) => ['scores', 'score_display', 'score_regular'].map((name) => `${side}_${name}`))
  .map((column) => `m.${column} IS NOT NULL`)
  .join(' AND ');

/** A match that has just begun may wait for its first minute. */
const LIVE_FOR_A_MINUTE = `(m.status_id_timestamp IS NULL
  OR m.status_id_timestamp <= (floor(extract(epoch FROM clock_timestamp()))::bigint - 60))`;

const lacking = (where: string, has: string): string => `
SELECT count(*)::int AS live, (count(*) FILTER (WHERE NOT (${has})))::int AS lacking,
  ARRAY(SELECT m.external_id FROM ts_matches m WHERE ${where} AND NOT (${has}) ORDER BY m.external_id LIMIT ${SHOWN}) AS ids
FROM ts_matches m WHERE ${where}`;

export const NULL_SCORES = lacking(LIVE, HAS_SCORE);
export const NULL_MINUTES = lacking(`${LIVE} AND ${LIVE_FOR_A_MINUTE}`, 'm.minute IS NOT NULL');

const measured = (rows: string): string => `
WITH measured AS (${rows})
SELECT count(*)::int AS count, percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) AS "p95Ms",
  (SELECT COALESCE(jsonb_agg(jsonb_build_object('matchId', s.match_id, 'version', s.version, 'ms', s.ms) ORDER BY s.ms DESC), '[]')
    FROM (SELECT * FROM measured ORDER BY ms DESC LIMIT 3) s) AS slowest
FROM measured`;

const IN_PERIOD = `j.committed_at >= (clock_timestamp() - ($1::float8 * interval '1 second'))`;

/** @param $2 by how much the database's clock is ahead of the host's, ms: the receipt is in the host's */
export const WRITES = measured(`
  SELECT j.match_id, j.version,
    GREATEST((extract(epoch FROM j.committed_at - j.received_at)::float8 * 1000) - $2::float8, 0) AS ms
  FROM livescore_journal j
  WHERE ${IN_PERIOD} AND j.source = 'mqtt' AND NOT j.catch_up AND j.received_at IS NOT NULL`);

/** A count of one side; a scalar answers to an index as a list of one would, so it is looked at first. */
const slotOf = (state: string, side: string, slot: number): string =>
  `CASE WHEN jsonb_typeof(${state} -> '${side}') = 'array' THEN ${state} -> '${side}' -> ${slot} ELSE '0'::jsonb END`;
const isGoal = SIDES.flatMap((side) =>
  [0, 5].map((slot) => `((${slotOf('j.after', side, slot)}) <> (${slotOf('j.before', side, slot)}))`),
);

/** A prediction that came after the goal could not be settled when it fell. */
export const SETTLEMENTS = measured(`
  SELECT j.match_id, j.version, extract(epoch FROM j.settled_at - j.committed_at)::float8 * 1000 AS ms
  FROM livescore_journal j
  WHERE ${IN_PERIOD} AND j.settled_at IS NOT NULL AND (${isGoal.join(' OR ')})
    AND EXISTS (SELECT FROM ai_predictions p WHERE p.match_id = j.match_id
      AND (p.created_at IS NULL OR p.created_at::timestamptz <= j.committed_at))`);

/** Matches with predictions, and the age of their oldest version that is not settled. */
export const OPEN_SETTLEMENTS = `
SELECT n.match_id AS "matchId", extract(epoch FROM clock_timestamp() - o.since)::float8 AS "ageS"
FROM (SELECT DISTINCT j.match_id FROM livescore_journal j WHERE j.committed_at > (clock_timestamp() - interval '1 day')) n
LEFT JOIN livescore_settlement_match s ON s.match_id = n.match_id
CROSS JOIN LATERAL (SELECT min(l.committed_at) AS since FROM livescore_journal l WHERE l.match_id = n.match_id
  AND (s.match_id IS NULL OR ROW(l.epoch, l.version) > ROW(s.epoch, s.version))) o
WHERE o.since IS NOT NULL AND EXISTS (SELECT FROM ai_predictions p WHERE p.match_id = n.match_id)
ORDER BY o.since LIMIT 100`;

export const STALE = `
SELECT s.match_id AS "matchId", s.reason AS what, extract(epoch FROM clock_timestamp() - s.since)::float8 AS "ageS"
FROM livescore_stale_match s WHERE s.stale_at IS NOT NULL ORDER BY s.since LIMIT 100`;

/** Matches whose clock runs, with what their minute follows from. */
export const RUNNING = `
SELECT m.external_id, m.status_id, m.first_half_kickoff_ts, m.second_half_kickoff_ts, m.overtime_kickoff_ts,
  m.live_kickoff_time, m.match_time, m.minute, floor(extract(epoch FROM clock_timestamp()))::float8 AS now_s,
  COALESCE(own.format, theirs.format) AS format
FROM ts_matches m
LEFT JOIN livescore_match_format own ON own.scope = 'match' AND own.id = m.external_id
LEFT JOIN livescore_match_format theirs ON theirs.scope = 'competition' AND theirs.id = m.competition_id
WHERE m.status_id = ANY (ARRAY[2, 4, 5]) AND m.external_id IS NOT NULL LIMIT 2000`;

export const SYNC_RUNS = `
SELECT s.entity, s.verdict, s.error FROM livescore_sync_status s WHERE s.verdict IS NOT NULL ORDER BY s.entity`;

const json = (expression: string): string => `COALESCE(${expression}, 'null'::jsonb)`;
const sameSlots = (side: string): string =>
  `${json(`j.after -> '${side}'`)} = ${json(`m.${side}_scores::text::jsonb`)}`;

/** Live rows beside the newest version of the journal, in one moment. */
export const JOURNALED = `
SELECT m.external_id, j.version::text = m.score_version::text AS version,
  (j.after ->> 'status') = m.status_id::text AS status,
  (${sameSlots('home')}) AND (${sameSlots('away')}) AS score,
  ${json(`j.after -> 'kickoffs'`)} = ${kickoffsSql('m')} AS kickoffs,
  ${SCORE_COLUMNS_SQL}
FROM ts_matches m
CROSS JOIN LATERAL (SELECT l.version, l.after FROM livescore_journal l WHERE l.match_id = m.external_id
  ORDER BY l.epoch DESC, l.version DESC LIMIT 1) j
WHERE ${LIVE} AND m.score_version > 0 LIMIT 5000`;

export const CLOCK = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now';
