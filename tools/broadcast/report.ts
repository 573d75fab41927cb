import { FINDING_KINDS, type Findings } from './checks/findings.js';
import type { CrewCounts, Judged } from './clients/crew-questions.js';
import type { Measured, PhaseResult } from './phase-run.js';

const HEAD = [
  'phase',
  'changes',
  's',
  'silent told',
  'again',
  'protocol-2 told',
  'conflated',
  'replayed',
  'gaps told',
  'recovered',
  'not',
  'package changes',
  'gaps',
  'connections',
  'all as the rows, ms',
  'findings',
] as const;

/** One row per phase: what clients were told in it. */
export function tableOf(results: readonly PhaseResult[]): readonly (readonly string[])[] {
  return [HEAD, ...results.map(rowOf)];
}

function rowOf({ phase, changes, tookS, before, after, settledMs }: PhaseResult): readonly string[] {
  const more = (value: (counts: CrewCounts) => number) => String(value(after) - value(before));
  return [
    phase.name,
    String(changes),
    String(tookS),
    more(({ kinds }) => kinds.silent.told),
    more(({ toldAgain }) => toldAgain),
    more(({ protocol2 }) => protocol2.changes),
    more(({ protocol2 }) => protocol2.conflated),
    more(({ protocol2 }) => protocol2.replayed),
    more(({ protocol2 }) => protocol2.gapsTold),
    more(({ protocol2 }) => protocol2.recovered),
    more(({ protocol2 }) => protocol2.unrecovered),
    more(({ kinds }) => kinds.package.told),
    more(({ packageGaps }) => packageGaps),
    more(({ kinds }) => kinds.silent.connections + kinds['protocol-2'].connections + kinds.package.connections),
    settledMs === null ? 'never' : String(settledMs),
    more(({ findings }) => findings),
  ];
}

export function measuredText(measured: readonly Measured[]): string {
  return measured.map(({ what, tookMs, clients }) => `${what} ${tookMs ?? 'NEVER'} ms (${clients})`).join(', ');
}

/** The last line of `--json`. */
export interface BroadcastSummary {
  readonly passed: boolean;
  readonly seed: number;
  readonly changes: number;
  readonly clients: number;
  readonly tookS: number;
  readonly takeovers: number;
  /** versions told to clients, by kind of client */
  readonly told: Readonly<Record<string, number>>;
  readonly counts: CrewCounts['protocol2'] & { readonly toldAgain: number; readonly packageGaps: number };
  /** different frames that were compared with their schemas */
  readonly frames: number;
  /** of every kind, none left out */
  readonly findings: Readonly<Record<string, number>>;
  readonly phases: readonly {
    readonly name: string;
    readonly changes: number;
    readonly settledMs: number | null;
    readonly current: readonly Measured[];
  }[];
}

export function summarize(
  run: Pick<BroadcastSummary, 'seed' | 'clients' | 'tookS' | 'takeovers' | 'changes'>,
  results: readonly PhaseResult[],
  { counts }: Judged,
  findings: Findings,
): BroadcastSummary {
  return {
    passed: findings.total === 0,
    ...run,
    told: Object.fromEntries(Object.entries(counts.kinds).map(([kind, { told }]) => [kind, told])),
    counts: { ...counts.protocol2, toldAgain: counts.toldAgain, packageGaps: counts.packageGaps },
    frames: counts.frames,
    findings: Object.fromEntries(FINDING_KINDS.map((kind) => [kind, findings.count(kind)])),
    phases: results.map(({ phase, changes, settledMs, measured }) => ({
      name: phase.name,
      changes,
      settledMs,
      current: measured,
    })),
  };
}
