import type { KnownHost } from '../../lease/ports/host-rows.js';
import type { TableSize } from '../../retention/ports/retention-store.js';
import type { RolloutReads } from '../../rollout/ports/rollout-reads.js';
import type { RolloutDecision, RolloutStore } from '../../rollout/ports/rollout-store.js';
import { settingOf } from '../../rollout/stage-changes.service.js';
import type { SettlementDesk } from '../../settlement/ports/settlement-desk.js';
import type { StaleMatches } from '../../sync/ports/stale-matches.js';
import { isRunning, isStale, type SyncDesk, type SyncRow } from '../../sync/ports/sync-desk.js';
import type {
  ComparisonStored,
  HostStored,
  RolloutStored,
  SettlementStored,
  SizeStored,
  StageDecision,
  StaleStored,
  SyncJobStored,
  SyncStored,
} from '../facts.js';

const DAY_MS = 86_400_000;
const SETTLEMENT_MS = 3 * DAY_MS;
const MOST_PINS = 200;
const MOST_CHANGES = 20;
const MOST_STALE = 200;

export async function rolloutOf(store: RolloutStore, reads: RolloutReads): Promise<RolloutStored> {
  const history = await store.history(MOST_CHANGES);
  const change = history[0] ?? null;
  return {
    setting: settingOf(change),
    change,
    legacyPath: await store.legacyBinding(),
    history,
    pins: await reads.pins(MOST_PINS),
    decisions: (await store.decisions(MOST_CHANGES)).map(toDecision),
  };
}

function toDecision(decision: RolloutDecision & { readonly decidedAtMs: number }): StageDecision {
  const { decidedAtMs, verdict, action, stage, percent, reason } = decision;
  return { decidedAtMs, verdict, action, stage, percent, reason };
}

export function hostOf({ host, ageMs, facts }: KnownHost): HostStored {
  return { host, ageMs, lease: facts.lease ?? null, rollout: facts.rollout ?? null };
}

export async function comparisonOf(reads: RolloutReads, nowMs: number): Promise<ComparisonStored> {
  const sinceMs = nowMs - DAY_MS;
  const { comparison, lead, sources } = await reads.report(new Date(sinceMs));
  return { sinceMs, ...comparison, lead, sources };
}

export async function syncOf(desk: SyncDesk): Promise<SyncStored> {
  const { mode, names, entities, lists } = await desk.overview();
  const rows = await desk.rows(names);
  return { mode, jobs: rows.map((row) => toJob(row, entities, lists)) };
}

function toJob(row: SyncRow, entities: readonly string[], lists: readonly string[]): SyncJobStored {
  const { entity, kind, startedAtMs, finishedAtMs, completeAtMs, page, counts, error, wanted, wantedBy } = row;
  return {
    entity,
    state: stateOf(row),
    kind,
    isList: lists.includes(entity),
    isEntity: entities.includes(entity),
    startedAtMs,
    finishedAtMs,
    completeAtMs,
    page,
    counts,
    error,
    wanted,
    wantedBy,
    wantedAtMs: row.wantedAtMs,
    enabled: row.enabled,
  };
}

function stateOf(row: SyncRow): SyncJobStored['state'] {
  if (isStale(row)) return 'stale';
  return isRunning(row) ? 'running' : (row.verdict ?? 'never');
}

export async function settlementOf(desk: SettlementDesk, nowMs: number): Promise<SettlementStored> {
  const since = new Date(nowMs - SETTLEMENT_MS);
  const report = await desk.report(since);
  const { mode, verdicts, reversed, awaiting, shadow } = report;
  return {
    sinceMs: since.getTime(),
    mode,
    verdicts,
    reversed,
    reversals: await desk.reversals(since, MOST_CHANGES),
    awaiting: { predictions: awaiting.predictions, nextDeadlineMs: awaiting.nextDeadline?.getTime() ?? null },
    unknownTexts: report.unknownTexts.count,
    others: report.others.count,
    shadow: { compared: shadow.compared, different: shadow.count },
    behind: toIds(report.behind),
    heldBack: toIds(report.heldBack),
  };
}

function toIds({ count, shown }: { readonly count: number; readonly shown: readonly { readonly matchId: string }[] }) {
  return { count, matchIds: shown.map(({ matchId }) => matchId) };
}

export async function staleOf(matches: StaleMatches): Promise<readonly StaleStored[]> {
  const marks = (await matches.list(MOST_STALE)).filter(({ staleAtMs }) => staleAtMs !== null);
  return marks.map(({ matchId, status, score, reason, sinceMs }) => ({ matchId, status, score, reason, sinceMs }));
}

export function sizeOf({ table, rows, bytes }: TableSize): SizeStored {
  return { table, rows, bytes };
}
