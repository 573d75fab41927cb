import type { Client } from 'pg';
import { readMarket } from '../../domain/settlement/market-text.js';

/** Rows of one list that are shown. */
const MOST_SHOWN = 20;
/** Different texts of pending predictions that are read. */
const MOST_TEXTS = 10_000;
/** A match is looked for under another id up to this long after its time, seconds. */
const LONGEST_MOVE_S = 14 * 86_400;

/** What was found, and the first of it. */
export interface Found<Row> {
  readonly count: number;
  /** at most 20 */
  readonly shown: readonly Row[];
}

export interface VerdictCount {
  readonly verdict: string;
  readonly certainty: number;
  readonly predictions: number;
}

export interface UnknownText {
  readonly text: string;
  readonly threshold: string | null;
  readonly predictions: number;
}

/** A result in the row of a prediction beside the one that was worked out. */
export interface OtherResult {
  readonly predictionId: string;
  readonly matchId: string;
  readonly theirs: string;
  /** null: none was worked out */
  readonly ours: string | null;
}

export interface BehindMatch {
  readonly matchId: string;
  /** epoch.version; null: never settled */
  readonly settled: string | null;
  readonly journal: string;
  readonly committedAt: Date;
}

/** Pending predictions whose match is played under another id now. */
export interface MovedMatch {
  readonly matchId: string;
  readonly newMatchId: string;
  /** of the match under its new id */
  readonly matchTime: Date;
  readonly predictions: number;
}

export interface SettlementFacts {
  /** null: nothing is set, and the options of each host hold */
  readonly mode: string | null;
  readonly verdicts: readonly VerdictCount[];
  /** predictions whose result was changed after it was told */
  readonly reversed: number;
  readonly awaiting: { readonly predictions: number; readonly nextDeadline: Date | null };
  readonly unknownTexts: Found<UnknownText>;
  readonly others: Found<OtherResult>;
  /** of predictions that have both results: ours in shadow, and theirs in the row */
  readonly shadow: Found<OtherResult> & { readonly compared: number };
  readonly behind: Found<BehindMatch>;
  readonly heldBack: Found<{ readonly matchId: string }>;
  readonly moved: Found<MovedMatch>;
}

/** Matches that were settled since, or wait for a moment: both by an index. */
const SCOPE = `scope AS (
  SELECT m.match_id, m.mode, m.path FROM livescore_settlement_match m
  WHERE (m.settled_at >= $1::timestamptz) OR (m.next_at IS NOT NULL)
)`;
const newest = (shadow: 'true' | 'false') => `newest AS (
  SELECT DISTINCT ON (v.prediction_id) v.prediction_id, v.match_id, v.verdict, v.certainty, v.result, v.deadline, c.mode
  FROM scope c JOIN livescore_settlement v ON v.match_id = c.match_id WHERE v.is_shadow = ${shadow}
  ORDER BY v.prediction_id, v.revision DESC
)`;

const SETTING = `SELECT s.value AS mode FROM livescore_setting s WHERE s.name = 'settlement_mode'`;

const VERDICTS = `
WITH ${SCOPE}, ${newest('false')}
SELECT n.verdict, n.certainty::int AS certainty, count(*)::int AS predictions, min(n.deadline) AS deadline
FROM newest n GROUP BY n.verdict, n.certainty ORDER BY n.verdict, n.certainty`;

const REVERSED = `
WITH ${SCOPE}, told AS (
  SELECT v.prediction_id, v.result, lag(v.result) OVER (PARTITION BY v.prediction_id ORDER BY v.revision) AS before
  FROM scope c JOIN livescore_settlement v ON v.match_id = c.match_id WHERE NOT v.is_shadow
)
SELECT count(DISTINCT t.prediction_id)::int AS reversed FROM told t
WHERE (t.before <> 'pending') AND (t.before <> t.result)`;

const PENDING_TEXTS = `
WITH ${SCOPE}
SELECT p.prediction AS text, p.prediction_threshold::text AS threshold, count(*)::int AS predictions
FROM scope c JOIN ai_predictions p ON p.match_id = c.match_id WHERE p.result = 'pending'
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ${MOST_TEXTS}`;

/** Without a revision a result is somebody else's only where ours are written: a match in shadow has none of them. */
const OTHERS = `
WITH ${SCOPE}, ${newest('false')}
SELECT p.id::text AS "predictionId", p.match_id AS "matchId", p.result AS theirs, n.result AS ours
FROM scope c JOIN ai_predictions p ON p.match_id = c.match_id LEFT JOIN newest n ON n.prediction_id = p.id
WHERE ((n.result IS NULL) AND (p.result <> 'pending') AND (c.mode = 'on')) OR (n.result <> p.result)
ORDER BY p.match_id, p.id`;

/** Where the settlement is on, results are its own, and what it worked out in shadow is history. */
const COMPARED = `
WITH ${SCOPE}, ${newest('true')}, compared AS (
  SELECT p.id::text AS "predictionId", p.match_id AS "matchId", p.result AS theirs, n.result AS ours
  FROM newest n JOIN ai_predictions p ON p.id = n.prediction_id
  WHERE (n.mode = 'shadow') AND (n.result <> 'pending') AND (p.result <> 'pending')
)`;
const SHADOW_COUNT = `${COMPARED} SELECT count(*)::int AS compared FROM compared`;
const SHADOW = `${COMPARED} SELECT * FROM compared d WHERE d.theirs <> d.ours ORDER BY d."matchId", d."predictionId"`;

const BEHIND = `
SELECT n.match_id AS "matchId", s.epoch || '.' || s.version AS settled, j.epoch || '.' || j.version AS journal,
  j.committed_at AS "committedAt"
FROM (SELECT DISTINCT r.match_id FROM livescore_journal r WHERE r.committed_at >= $1::timestamptz) n
CROSS JOIN LATERAL (SELECT l.epoch, l.version, l.committed_at FROM livescore_journal l WHERE l.match_id = n.match_id
  ORDER BY l.epoch DESC, l.version DESC LIMIT 1) j
LEFT JOIN livescore_settlement_match s ON s.match_id = n.match_id
WHERE ((s.match_id IS NULL) OR (ROW(s.epoch, s.version) < ROW(j.epoch, j.version)))
  AND EXISTS (SELECT FROM ai_predictions p WHERE p.match_id = n.match_id)
ORDER BY j.committed_at, n.match_id`;

const HELD_BACK = `
WITH ${SCOPE}
SELECT c.match_id AS "matchId" FROM scope c WHERE (c.path->>'heldBack') = 'true' ORDER BY c.match_id`;

/** The row of the match is missing, or says 9, 10, 12 or 13; the same teams meet in another row: the first one counts. */
const MOVED = `
WITH lost AS MATERIALIZED (
  SELECT p.match_id, count(*)::int AS predictions, COALESCE(m.match_time, min(p.match_time)) AS at,
    COALESCE(m.home_team_id, min(p.home_team_id)) AS home, COALESCE(m.away_team_id, min(p.away_team_id)) AS away
  FROM ai_predictions p LEFT JOIN ts_matches m ON m.external_id = p.match_id
  WHERE (p.result = 'pending') AND (p.match_id IS NOT NULL)
    AND ((m.external_id IS NULL) OR (m.status_id = ANY (ARRAY[9, 10, 12, 13])))
  GROUP BY p.match_id, m.match_time, m.home_team_id, m.away_team_id
)
SELECT DISTINCT ON (l.match_id) l.match_id AS "matchId", n.external_id AS "newMatchId", to_timestamp(n.match_time) AS "matchTime", l.predictions
FROM lost l JOIN ts_matches n ON (n.home_team_id = l.home) AND (n.away_team_id = l.away)
WHERE (n.external_id <> l.match_id) AND (n.match_time >= l.at) AND (n.match_time <= (l.at + ${LONGEST_MOVE_S}))
ORDER BY l.match_id, n.match_time, n.external_id`;

/** What the tables say of the settlement: of matches that were settled since, or wait for a moment. */
export async function readSettlement(client: Client, since: Date): Promise<SettlementFacts> {
  const all = async <Row extends object>(text: string) => (await client.query<Row>(text, [since])).rows;
  const found = async <Row extends object>(text: string) => foundOf(await all<Row>(text));
  const setting = await client.query<{ mode: string }>(SETTING);
  const [reversed] = await all<{ reversed: number }>(REVERSED);
  const [shadow] = await all<{ compared: number }>(SHADOW_COUNT);
  const moved = await client.query<MovedMatch>(MOVED);
  return {
    mode: setting.rows[0]?.mode ?? null,
    ...verdictsOf(await all<VerdictCount & { readonly deadline: Date | null }>(VERDICTS)),
    reversed: reversed?.reversed ?? 0,
    unknownTexts: unknownOf(await all<UnknownText>(PENDING_TEXTS)),
    others: await found<OtherResult>(OTHERS),
    shadow: { compared: shadow?.compared ?? 0, ...(await found<OtherResult>(SHADOW)) },
    behind: await found<BehindMatch>(BEHIND),
    heldBack: await found<{ matchId: string }>(HELD_BACK),
    moved: foundOf(moved.rows),
  };
}

function foundOf<Row>(rows: readonly Row[]): Found<Row> {
  return { count: rows.length, shown: rows.slice(0, MOST_SHOWN) };
}

function verdictsOf(rows: readonly (VerdictCount & { readonly deadline: Date | null })[]) {
  const waiting = rows.filter(({ verdict }) => verdict === 'awaiting');
  const deadlines = waiting.flatMap(({ deadline }) => (deadline === null ? [] : [deadline.getTime()]));
  return {
    verdicts: rows.map(({ verdict, certainty, predictions }) => ({ verdict, certainty, predictions })),
    awaiting: {
      predictions: waiting.reduce((sum, { predictions }) => sum + predictions, 0),
      nextDeadline: deadlines.length === 0 ? null : new Date(Math.min(...deadlines)),
    },
  };
}

function unknownOf(texts: readonly UnknownText[]): Found<UnknownText> {
  return foundOf(texts.filter(({ text, threshold }) => readMarket(text, threshold) === null));
}
