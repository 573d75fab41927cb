import type { FaultResult } from './fault-run.js';
import { count, type Summary, settlementOf, spread } from './summary.js';

/** Where the run took place. */
export interface Versions {
  readonly node: string;
  readonly postgres: string;
  /** with its version */
  readonly broker: string;
}

const HEAD = [
  'fault',
  'rounds',
  'sent',
  'acknowledged',
  'committed',
  'lost',
  'duplicated',
  'wrong rows',
  'predictions',
  'settled',
  'reversed',
  'wrong results',
  'first commit, ms',
  'recovery, ms',
] as const;

/** One row per fault; times as median and largest. */
export function tableOf(results: readonly FaultResult[]): readonly (readonly string[])[] {
  return [HEAD, ...results.map(rowOf)];
}

function rowOf(result: FaultResult): readonly string[] {
  const { fault, rounds, sent, acknowledged, committed, findings, recoveries } = result;
  const { predictions, settled, reversed, wrong } = settlementOf([result]);
  return [
    fault.name,
    ...texts(rounds, sent, acknowledged, committed),
    ...(['lost', 'duplicated', 'wrong-row'] as const).map((kind) => String(count(findings, kind))),
    ...texts(predictions, settled, reversed, wrong),
    timesOf(recoveries.map(({ firstCommitMs }) => firstCommitMs)),
    timesOf(recoveries.map(({ caughtUpMs }) => caughtUpMs)),
  ];
}

function texts(...numbers: readonly number[]): readonly string[] {
  return numbers.map((number) => number.toLocaleString('en'));
}

function timesOf(values: readonly (number | null)[]): string {
  const times = spread(values);
  return times ? `${times.median.toLocaleString('en')} (${times.max.toLocaleString('en')})` : '–';
}

export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, n) => Math.max(...rows.map((row) => row[n]?.length ?? 0)));
  for (const row of rows)
    console.log(row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!))).join('  '));
}

export function markdownOf(
  results: readonly FaultResult[],
  summary: Summary,
  versions: Versions,
  minutes: number,
): string {
  const [head, ...rows] = tableOf(results).map((row) => `| ${row.join(' | ')} |`);
  return `# Fault report

Written by \`npm run faults\`: ${summary.rounds} rounds, seed ${summary.seed}, ${minutes} minutes, Node ${versions.node},
PostgreSQL ${versions.postgres}, ${versions.broker}. Again: \`npm run faults -- --seed ${summary.seed} --rounds ${summary.rounds}\`.

The host is the example host in a process of its own, with QoS 1, between proxies that stand before a real broker and a
real database. The proxy before the broker notes which messages were delivered and which were acknowledged; a
publisher knows what truly happened in every match, and tells it as the provider's REST API, too.

${head}
|${HEAD.map((_, n) => (n === 0 ? '---' : '---:')).join('|')}|
${rows.join('\n')}

False cancellations: ${summary.falseCancellations}. Updates without a fate: ${summary.unaccounted}. Other broken promises (a slow
shutdown, a leak, a goal nobody was told of): ${summary.broken}.

## What the columns say

- **sent**: messages the broker took over, malformed, repeated and late ones among them.
- **acknowledged**: of these the ones for which the host sent a PUBACK.
- **committed**: of the sent ones those whose effect, or something newer of the same match, is in \`ts_matches\` or in
  \`livescore_dead_letter\` in the end.
- **lost**: acknowledged messages whose effect was in neither at the moment of a kill, or in the end.
- **duplicated**: goals journaled twice, versions announced with different contents or never committed.
- **wrong rows**: matches whose row, or a version in their journal, is not what truly happened.
- **predictions**: those of every market that each match had before it began.
- **settled**: of these the ones with a result in the end; the others are open, because their match was still played, or
  wait, because nobody saw it played or its half-time was told below what was committed in the half.
- **reversed**: results that were taken back or became another one on the way, as goals were taken back.
- **wrong results**: predictions with another result than the committed score and what truly happened give them, pending
  though both decide them, settled twice, from a score that was not committed, or past a committed score that decided
  otherwise; and frames that told clients of a revision that is not there, or of a first result twice.
- **first commit**, **recovery**: median (largest) time from the end of the trouble until the first commit, and until
  everything that had happened by then was in the rows. After a kill the trouble ends when the new process is launched.

## The faults

${results.map(({ fault }) => `- **${fault.name}**: ${fault.about}.`).join('\n')}
`;
}
