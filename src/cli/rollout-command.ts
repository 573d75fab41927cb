import type { Client } from 'pg';
import type { RolloutChange, RolloutDecision, RolloutStore } from '../rollout/ports/rollout-store.js';
import type { ShadowSample, ShownMatch } from '../rollout/ports/shadow-store.js';
import { readArguments, readTime } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command } from './command.js';
import { withRollout } from './platform-database.js';
import { line, printable, textTable, timeText } from './printing.js';
import { settingOf, stageText } from './setting-text.js';

const ROLLOUT_HELP = `livescore rollout report [options]

How the direct path does beside the legacy one: stage, pins, how the rows of matches in shadow compare, how much earlier
the direct path had each goal, latency, changes and goals by source, and the last 20 automatic decisions.

  --since TIME  only what happened since: 2026-05-01T18:30:00Z, or an age like 90s, 30m, 12h or 7d; default 24h
  --json        print the report as JSON

The platform database is DATABASE_URL (postgres://…).
Exit code: 0 shown, 2 it could not be done.`;

const OPTIONS = {
  since: { type: 'string' },
  json: { type: 'boolean' },
} as const;
const MAX_DECISIONS = 20;

/** `livescore rollout`. */
export const rolloutCommand: Command = {
  help: ROLLOUT_HELP,
  run: async (argv, env, { stdout }) => {
    const { values, positionals } = readArguments('rollout', argv, OPTIONS);
    const [action, ...others] = positionals;
    if (action !== 'report' || others.length > 0) {
      throw new UsageError('say what to do: livescore rollout report', 'rollout');
    }
    const since = new Date(readTime('since', values.since ?? '24h', Date.now()));
    const report = await withRollout(env, (store, client) => read(store, client, since));
    stdout(values.json ? JSON.stringify(report) : reportText(report));
    return 0;
  },
};

async function read(store: RolloutStore, client: Client, since: Date): Promise<RolloutReport> {
  const { change, pins } = await store.read();
  return {
    since: since.toISOString(),
    change,
    pins: Object.fromEntries(pins),
    ...(await readReport(client, since)),
    decisions: await store.decisions(MAX_DECISIONS),
  };
}

interface RolloutReport extends CountedReport {
  readonly since: string;
  readonly change: RolloutChange | null;
  readonly pins: Readonly<Record<string, 'legacy' | 'direct'>>;
  readonly decisions: readonly (RolloutDecision & { readonly decidedAtMs: number })[];
}

/** The report for people, block by block. */
function reportText(report: RolloutReport): string {
  const { since, comparison, lead, latency, sources, decisions } = report;
  const blocks = [
    stageLines(report).join('\n'),
    `Since ${since}`,
    [line('compared', comparisonText(comparison)), ...leadLines(lead)].join('\n'),
    samplesTable(comparison),
    line('received to written', latencyText(latency)),
    sources.length === 0
      ? ''
      : textTable(
          ['source', 'changes', 'goals'],
          sources.map(({ source, changes, goals }) => [source, String(changes), String(goals)]),
        ),
    decisions.length === 0 ? line('decisions', 'none') : decisionsTable(decisions),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function stageLines({ change, pins }: RolloutReport): readonly string[] {
  const setting = settingOf(change);
  return [
    line('stage', `${stageText(setting)}${setting.latched ? ', latched: taken back automatically' : ''}`),
    change
      ? line('in force since', `${timeText(change.changedAtMs)}, set by ${printable(change.changedBy)}`)
      : line('in force since', 'the beginning'),
    line('because', change ? printable(change.reason) : 'nobody has set anything'),
    ...Object.entries(pins).map(([matchId, route]) => line('pinned', `${printable(matchId)} ${route}`)),
  ];
}

function comparisonText({ matches, consistent, inconsistent, errors }: ComparisonReport): string {
  if (matches === 0) return 'no match';
  const all = consistent + inconsistent;
  const share = all === 0 ? '' : ` (${((inconsistent / all) * 100).toFixed(2)} %)`;
  return `${matches} matches: ${consistent} states consistent, ${inconsistent} not${share}, ${errors} errors`;
}

function leadLines({ goals, p50S, p90S, maxS, awaited, lostByLegacy }: LeadReport): readonly string[] {
  if (goals === 0) return [line('lead time', 'no goal')];
  const both = goals - awaited - lostByLegacy;
  const times = `p50 ${seconds(p50S)}, p90 ${seconds(p90S)}, max ${seconds(maxS)}`;
  return [
    line('lead time', `${times} earlier on the direct path, of ${both} goals (as exact as rows are read)`),
    line('', `${awaited} more are awaited of the legacy path, ${lostByLegacy} were lost by it`),
  ];
}

function latencyText({ changes, p50Ms, p95Ms }: LatencyReport): string {
  if (p50Ms === null || p95Ms === null) return 'no change by the direct path';
  return `p50 ${p50Ms.toFixed(1)} ms, p95 ${p95Ms.toFixed(1)} ms, of ${changes} changes`;
}

function samplesTable({ samples }: ComparisonReport): string {
  if (samples.length === 0) return '';
  const rows = samples.map(({ matchId, at, why, candidate, row }) => [
    at.slice(0, 19),
    printable(matchId),
    why,
    shownText(candidate),
    shownText(row),
  ]);
  return textTable(['different at', 'match', 'why', 'direct path', 'row'], rows);
}

function decisionsTable(decisions: RolloutReport['decisions']): string {
  const rows = decisions.map(({ decidedAtMs, verdict, action, stage, percent, reason }) => [
    timeText(decidedAtMs),
    verdict,
    action,
    stage === 'canary' ? `canary ${percent} %` : stage,
    printable(reason),
  ]);
  return textTable(['decided at', 'verdict', 'action', 'stage', 'why'], rows);
}

const shownText = ({ status, home, away }: ShownMatch): string => `${status ?? '-'}: ${home}-${away}`;
const seconds = (value: number | null): string => (value === null ? '-' : `${value.toFixed(value < 10 ? 2 : 1)} s`);

/** What the comparison found, of the matches compared in the period. */
interface ComparisonReport {
  readonly matches: number;
  readonly consistent: number;
  readonly inconsistent: number;
  readonly errors: number;
  /** the newest differences */
  readonly samples: readonly (ShadowSample & { readonly matchId: string })[];
}

/** Goals of matches in shadow. Seconds by which the direct path was earlier; null without a goal that both had. */
interface LeadReport {
  readonly goals: number;
  readonly p50S: number | null;
  readonly p90S: number | null;
  readonly maxS: number | null;
  /** the legacy path may still show them */
  readonly awaited: number;
  /** the match is over, and ten minutes have passed */
  readonly lostByLegacy: number;
}

/** Changes that the direct path made of pushes; from our receipt to the row, so both clocks are in it. */
interface LatencyReport {
  readonly changes: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

interface SourceReport {
  readonly source: string;
  readonly changes: number;
  readonly goals: number;
}

const MAX_SAMPLES_SHOWN = 20;

const COMPARISON = `
SELECT count(*)::int AS matches, COALESCE(sum(consistent), 0)::float8 AS consistent,
  COALESCE(sum(inconsistent), 0)::float8 AS inconsistent, COALESCE(sum(errors), 0)::float8 AS errors
FROM livescore_shadow WHERE compared_at >= $1`;

const SAMPLES = `
SELECT match_id AS "matchId", sample FROM livescore_shadow, jsonb_array_elements(samples) AS sample
WHERE compared_at >= $1 AND (sample->>'at')::timestamptz >= $1
ORDER BY sample->>'at' DESC, match_id LIMIT ${MAX_SAMPLES_SHOWN}`;

const LEAD = `
WITH goal AS (
  SELECT extract(epoch FROM g.legacy_at - g.direct_at)::float8 AS lead,
    g.legacy_at IS NULL AND g.direct_at < now() - interval '10 minutes'
      AND COALESCE(m.status_id NOT IN (2, 3, 4, 5, 7), true) AS lost
  FROM livescore_shadow_goal g LEFT JOIN ts_matches m ON m.external_id = g.match_id
  WHERE g.direct_at >= $1
)
SELECT count(*)::int AS goals, percentile_cont(0.5) WITHIN GROUP (ORDER BY lead) AS "p50S",
  percentile_cont(0.9) WITHIN GROUP (ORDER BY lead) AS "p90S", max(lead) AS "maxS",
  (count(*) FILTER (WHERE lead IS NULL AND NOT lost))::int AS awaited,
  (count(*) FILTER (WHERE lost))::int AS "lostByLegacy"
FROM goal`;

const LATENCY = `
WITH change AS (
  SELECT extract(epoch FROM committed_at - received_at)::float8 * 1000 AS ms FROM livescore_journal
  WHERE committed_at >= $1 AND source <> 'foreign' AND NOT catch_up AND received_at IS NOT NULL
)
SELECT count(*)::int AS changes, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS "p50Ms",
  percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) AS "p95Ms"
FROM change`;

/** Goals of regular and extra time. */
const goalsOf = (slots: string) =>
  `CASE WHEN (${slots}->>5)::int <> 0 THEN (${slots}->>5)::int ELSE (${slots}->>0)::int END`;
const gained = (side: string) => `GREATEST(${goalsOf(`(after->'${side}')`)} - ${goalsOf(`(before->'${side}')`)}, 0)`;

const SOURCES = `
SELECT source, count(*)::int AS changes,
  COALESCE(sum(COALESCE(${gained('home')}, 0) + COALESCE(${gained('away')}, 0)), 0)::int AS goals
FROM livescore_journal WHERE committed_at >= $1 GROUP BY source ORDER BY source`;

/** Everything that is counted by the database, from `since` on. */
async function readReport(client: Client, since: Date) {
  const one = async <Row extends object>(text: string) => (await client.query<Row>(text, [since])).rows[0] as Row;
  const samples = await client.query<{ matchId: string; sample: ShadowSample }>(SAMPLES, [since]);
  return {
    comparison: {
      ...(await one<Omit<ComparisonReport, 'samples'>>(COMPARISON)),
      samples: samples.rows.map(({ matchId, sample }) => ({ matchId, ...sample })),
    } satisfies ComparisonReport,
    lead: await one<LeadReport>(LEAD),
    latency: await one<LatencyReport>(LATENCY),
    sources: (await client.query<SourceReport>(SOURCES, [since])).rows,
  };
}

type CountedReport = Awaited<ReturnType<typeof readReport>>;
