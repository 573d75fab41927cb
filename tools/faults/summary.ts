import type { Finding, FindingKind } from './checks/finding.js';
import { addCounts, type SettlementCounts } from './checks/settlement.js';
import type { FaultResult } from './fault-run.js';

export interface FaultSummary {
  readonly rounds: number;
  /** messages published */
  readonly sent: number;
  /** of these acknowledged by the host */
  readonly acknowledged: number;
  /** of these with their effect, or something newer of their match, in the database */
  readonly committed: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly wrongRows: number;
  readonly settlement: SettlementSummary;
  /** median time from the end of a fault until all that had happened by then was in the rows; null: never measured */
  readonly recoveryMs: number | null;
}

/** What became of the predictions. */
export interface SettlementSummary extends SettlementCounts {
  /** of another result than the committed score gives, settled twice, or told otherwise than committed */
  readonly wrong: number;
}

/** The last line of `--json`. */
export interface Summary {
  readonly seed: number;
  readonly rounds: number;
  readonly faults: Readonly<Record<string, FaultSummary>>;
  readonly lost: number;
  readonly duplicated: number;
  readonly wrongRows: number;
  readonly settlement: SettlementSummary;
  readonly falseCancellations: number;
  readonly unaccounted: number;
  readonly broken: number;
}

export function summarize(seed: number, rounds: number, results: readonly FaultResult[]): Summary {
  const findings = results.flatMap((result) => result.findings);
  return {
    seed,
    rounds,
    faults: Object.fromEntries(results.map((result) => [result.fault.name, faultSummary(result)])),
    lost: count(findings, 'lost'),
    duplicated: count(findings, 'duplicated'),
    wrongRows: count(findings, 'wrong-row'),
    settlement: settlementOf(results),
    falseCancellations: count(findings, 'false-cancellation'),
    unaccounted: count(findings, 'unaccounted'),
    broken: count(findings, 'broken'),
  };
}

export function settlementOf(results: readonly FaultResult[]): SettlementSummary {
  const findings = results.flatMap((result) => result.findings);
  return {
    ...addCounts(results.map(({ settlement }) => settlement)),
    wrong: count(findings, 'wrong-settlement'),
  };
}

export function isRight(summary: Summary): boolean {
  const { lost, duplicated, wrongRows, settlement, falseCancellations, unaccounted, broken } = summary;
  return lost + duplicated + wrongRows + settlement.wrong + falseCancellations + unaccounted + broken === 0;
}

export function count(findings: readonly Finding[], kind: FindingKind): number {
  return findings.filter((finding) => finding.kind === kind).length;
}

/** Lower median and largest; null when there are none. */
export function spread(values: readonly (number | null)[]): { readonly median: number; readonly max: number } | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const [median, max] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted.at(-1)];
  return median === undefined || max === undefined ? null : { median, max };
}

function faultSummary(result: FaultResult): FaultSummary {
  const { rounds, sent, acknowledged, committed, findings, recoveries } = result;
  return {
    rounds,
    sent,
    acknowledged,
    committed,
    lost: count(findings, 'lost'),
    duplicated: count(findings, 'duplicated'),
    wrongRows: count(findings, 'wrong-row'),
    settlement: settlementOf([result]),
    recoveryMs: spread(recoveries.map(({ caughtUpMs }) => caughtUpMs))?.median ?? null,
  };
}
