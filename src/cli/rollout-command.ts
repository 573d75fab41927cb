import type { Client } from 'pg';
import type { LegacyBinding } from '../contracts/legacy-binding.js';
import { printable } from '../kernel/printable.js';
import { ClientDatabase } from '../postgres/adapters/pg/client-database.js';
import { PgRolloutReads } from '../rollout/adapters/pg/pg-rollout-reads.js';
import type { ComparisonReport, CountedReport, LatencyReport, LeadReport } from '../rollout/ports/rollout-reads.js';
import type { RolloutChange, RolloutDecision, RolloutStore } from '../rollout/ports/rollout-store.js';
import type { ShownMatch } from '../rollout/ports/shadow-store.js';
import { settingOf } from '../rollout/stage-changes.service.js';
import { readArguments, readTime } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command } from './command.js';
import { withRollout } from './platform-database.js';
import { jsonLine, line, textTable, timeText } from './printing.js';
import { stageText } from './setting-text.js';

const ROLLOUT_HELP = `livescore rollout report [options]

How the direct path does beside the legacy one: stage, pins, how the rows of matches in shadow compare, how much earlier
the direct path had each goal, latency, changes and goals by source, and the last 20 automatic decisions.

  --since TIME  only what happened since: 2026-05-01T18:30:00Z, or an age like 90s, 30m, 12h or 7d; default 24h
  --json        print the report as JSON

Examples:
  livescore rollout report
  livescore rollout report --since 7d --json

It needs SELECT on the tables of the rollout (livescore_rollout, _pin, _shadow, _shadow_goal, _rollout_decision), on
livescore_journal, livescore_setting, livescore_lease and ts_matches.
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
    stdout(values.json ? jsonLine(report) : reportText(report));
    return 0;
  },
};

async function read(store: RolloutStore, client: Client, since: Date): Promise<RolloutReport> {
  const { change, pins } = await store.read();
  return {
    since: since.toISOString(),
    change,
    pins: Object.fromEntries(pins),
    legacyPath: await store.legacyBinding(),
    ...(await new PgRolloutReads(new ClientDatabase(client)).report(since)),
    decisions: await store.decisions(MAX_DECISIONS),
  };
}

interface RolloutReport extends CountedReport {
  readonly since: string;
  readonly change: RolloutChange | null;
  readonly pins: Readonly<Record<string, 'legacy' | 'direct'>>;
  /** null: no host has said which */
  readonly legacyPath: LegacyBinding | null;
  readonly decisions: readonly (RolloutDecision & { readonly decidedAtMs: number })[];
}

/** The report for people, block by block. */
function reportText(report: RolloutReport): string {
  const { since, comparison, lead, latency, sources, decisions } = report;
  const blocks = [
    stageLines(report).join('\n'),
    `Since ${since}`,
    [line('compared', comparisonText(comparison)), ...whyNothing(report), ...leadLines(lead)].join('\n'),
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

function whyNothing(report: RolloutReport): readonly string[] {
  return report.comparison.matches === 0 ? [line('', reasonOf(report))] : [];
}

function reasonOf({ change, legacyPath, nothing }: RolloutReport): string {
  const { stage, percent } = settingOf(change);
  if (legacyPath === 'none') return 'because the host has no legacy path: there is nothing to compare with';
  if (!nothing.wasCompared) return `because matches are compared in shadow and canary only, and the stage is ${stage}`;
  if (stage === 'canary' && percent === 100) return 'because all matches go the direct way: none is in shadow';
  if (!nothing.isFeedTaken) return 'because no process holds the lease: nobody takes the feed';
  if (!nothing.isAnyLive) return 'because no match is live by the rows: a match is compared while it is played';
  return 'because no match in shadow was told of twice by the feed, and had a row, since then';
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
