import { randomUUID } from 'node:crypto';
import { NOTHING_DONE, type RunCounts, type RunKind } from '../domain/sync/run-facts.js';
import {
  type AdoptedCursor,
  type FinishedRun,
  type RunCause,
  type RunRow,
  type SyncLook,
  SyncRuns,
} from '../sync/ports/sync-runs.js';
import { emptyRun, type SyncRunRow } from './in-memory-sync-run-row.js';

const MOST_AHEAD_S = 86_400;

/**
 * The store keeps the runs of all instances, in memory, held to the same contract as PostgreSQL: the instances share
 * one object.
 */
export class InMemorySyncRuns extends SyncRuns {
  /** rows of `livescore_setting`, by name */
  readonly settings = new Map<string, string>();
  /** cursors of the platform's old workers as stored, by entity */
  readonly oldCursors = new Map<string, string>();
  private readonly rows = new Map<string, SyncRunRow>();

  /** @param nowMs the database's clock, unix ms */
  constructor(private readonly nowMs: () => number = Date.now) {
    super();
  }

  row(entity: string): SyncRunRow | undefined {
    return this.rows.get(entity);
  }

  /** Does the run still belong to whoever carries this id? */
  isHeld(entity: string, runId: string): boolean {
    return this.rows.get(entity)?.runId === runId;
  }

  /** A page of the run is stored. @returns false when the run belongs to another instance */
  moveTo(entity: string, runId: string, page: number, newest: number | null): boolean {
    const row = this.rows.get(entity);
    const newer = newest !== null && newest > (row?.newest ?? Number.NEGATIVE_INFINITY) ? { newest } : {};
    return this.change(entity, runId, { page, ...newer, heartbeatAtMs: this.nowMs() });
  }

  override async enrol(entities: readonly string[], cursored: readonly string[]): Promise<readonly AdoptedCursor[]> {
    const nowMs = this.nowMs();
    const fresh = entities.filter((entity) => !this.rows.has(entity));
    for (const entity of fresh) this.rows.set(entity, emptyRun(entity));
    return fresh.flatMap((entity): AdoptedCursor[] => {
      const value = cursored.includes(entity) ? this.oldCursors.get(entity) : undefined;
      if (value === undefined) return [];
      const watermark = Number(value);
      const isSound = Number.isSafeInteger(watermark) && watermark > 0 && watermark <= nowMs / 1000 + MOST_AHEAD_S;
      if (isSound) this.rows.set(entity, { ...emptyRun(entity), watermark, fullAtMs: nowMs, completeAtMs: nowMs });
      return [{ entity, value, isSound }];
    });
  }

  override async look(): Promise<SyncLook> {
    const settings = [...this.settings].filter(([name]) => name === 'sync_mode' || name.startsWith('sync.'));
    return { nowMs: this.nowMs(), settings: new Map(settings), rows: [...this.rows.values()].map(this.toRun) };
  }

  override async claim(entity: string, kind: RunKind | 'diff', cause: RunCause) {
    const row = this.rows.get(entity);
    const tickAtMs = 'tickAtMs' in cause ? cause.tickAtMs : null;
    const isTaken = tickAtMs !== null && (row?.tickAtMs ?? Number.NEGATIVE_INFINITY) >= tickAtMs;
    if (!row || row.runId !== null || isTaken || ('wanted' in cause && row.wanted !== cause.wanted)) return null;
    const nowMs = this.nowMs();
    const wanted = 'wanted' in cause ? null : row.wanted;
    const fresh = {
      kind,
      counts: NOTHING_DONE,
      wanted,
      page: 1,
      newest: null,
      startedAtMs: nowMs,
      heartbeatAtMs: nowMs,
    };
    return this.begin({ ...row, ...fresh, tickAtMs: tickAtMs ?? row.tickAtMs });
  }

  override async takeOver({ entity, runId }: RunRow, silentMs: number): Promise<RunRow | null> {
    const row = this.rows.get(entity);
    const nowMs = this.nowMs();
    if (!row || row.runId === null || row.runId !== runId || row.heartbeatAtMs >= nowMs - silentMs) return null;
    return this.begin({ ...row, heartbeatAtMs: nowMs });
  }

  override async beat(entity: string, runId: string, counts: RunCounts): Promise<boolean> {
    return this.change(entity, runId, { heartbeatAtMs: this.nowMs(), counts: { ...counts } });
  }

  override async finish(run: FinishedRun): Promise<boolean> {
    const { entity, runId, kind, verdict, error = null, counts, diff, watermark, wasFull, givesBack } = run;
    const beganAtMs = this.rows.get(entity)?.startedAtMs ?? null;
    const isComplete = verdict === 'complete' && kind !== 'diff';
    const isKept = this.change(entity, runId, {
      ...{ runId: null, verdict, error, counts: { ...counts }, finishedAtMs: this.nowMs() },
      ...(diff && { diff }),
      ...(isComplete && { completeAtMs: beganAtMs, ...(wasFull && { fullAtMs: beganAtMs }) }),
      ...(isComplete && watermark !== undefined && { watermark }),
    });
    const isMoved = isKept && isComplete && typeof watermark === 'number';
    if (givesBack && isMoved) this.oldCursors.set(entity, String(watermark - 1));
    return isKept;
  }

  override async release(entity: string, runId: string): Promise<void> {
    this.change(entity, runId, { heartbeatAtMs: 0 });
  }

  override async want(entity: string, kind: RunKind | 'diff'): Promise<number | null> {
    const row = this.rows.get(entity);
    if (!row) return null;
    this.rows.set(entity, { ...row, wanted: kind });
    return this.nowMs();
  }

  override async requireFull(entities: readonly string[]): Promise<void> {
    for (const row of this.rows.values()) {
      if (entities.includes(row.entity)) this.rows.set(row.entity, { ...row, fullAtMs: null });
    }
  }

  override async takeSetting(name: string): Promise<boolean> {
    if (this.settings.get(name) !== 'true') return false;
    this.settings.set(name, 'false');
    return true;
  }

  private begin(row: SyncRunRow): RunRow {
    const begun = { ...row, runId: randomUUID() };
    this.rows.set(row.entity, begun);
    return this.toRun(begun);
  }

  private change(entity: string, runId: string, changes: Partial<SyncRunRow>): boolean {
    const row = this.rows.get(entity);
    if (!row || row.runId !== runId) return false;
    this.rows.set(entity, { ...row, ...changes });
    return true;
  }

  private readonly toRun = ({ heartbeatAtMs, error: _error, diff: _diff, ...row }: SyncRunRow): RunRow => ({
    ...row,
    counts: { ...row.counts },
    silentMs: row.runId === null ? null : this.nowMs() - heartbeatAtMs,
  });
}
