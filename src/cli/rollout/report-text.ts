import type { RolloutChange, RolloutDecision } from '../../rollout/ports/rollout-store.js';
import type { ShownMatch } from '../../rollout/ports/shadow-store.js';
import { line, printable, settingOf, stageText, timeText } from '../stage/setting-text.js';
import { textTable } from '../text-table.js';
import type { ComparisonReport, CountedReport, LatencyReport, LeadReport } from './read-report.js';

export interface RolloutReport extends CountedReport {
  readonly since: string;
  readonly change: RolloutChange | null;
  readonly pins: Readonly<Record<string, 'legacy' | 'direct'>>;
  readonly decisions: readonly (RolloutDecision & { readonly decidedAtMs: number })[];
}

/** The report for people, block by block. */
export function reportText(report: RolloutReport): string {
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
