import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RunCounts, RunKind } from '../../../domain/sync/run-facts.js';
import { Database } from '../../../postgres/database.js';
import { lacksRight, lacksSchema } from '../../../postgres/sql-state.js';
import {
  type AdoptedCursor,
  type FinishedRun,
  type RunCause,
  type RunRow,
  type SyncLook,
  SyncRuns,
} from '../../ports/sync-runs.js';
import {
  ADOPT,
  BEAT,
  CLAIM,
  ENROL,
  FINISH,
  GIVE_BACK,
  LOOK,
  OLD_CURSORS,
  RELEASE,
  REQUIRE_FULL,
  TAKE_OVER,
  TAKE_SETTING,
  WANT,
} from './run-statements.js';

/** Longest a cursor may be ahead of the database's clock: one that was made by joining two numbers is centuries ahead. */
const MOST_AHEAD_S = 86_400;

interface StoredRun {
  readonly entity: string;
  readonly runId: string | null;
  readonly kind: RunKind | 'diff' | null;
  readonly startedAtMs: number | null;
  readonly silentMs: number | null;
  readonly page: number;
  readonly newest: string | null;
  readonly seen: string;
  readonly added: string;
  readonly changed: string;
  readonly refused: string;
  readonly deleted: string;
  readonly tickAtMs: number | null;
  readonly verdict: string | null;
  readonly finishedAtMs: number | null;
  readonly completeAtMs: number | null;
  readonly fullAtMs: number | null;
  readonly watermark: string | null;
  readonly wanted: RunKind | 'diff' | null;
}

interface LookRow {
  readonly nowMs: number;
  readonly settings: Readonly<Record<string, string>> | null;
  readonly runs: readonly StoredRun[] | null;
}

interface OldCursor {
  readonly entity: string;
  readonly value: string | null;
  readonly nowS: string;
}

/** `livescore_sync_status` through the package's own connections. */
@Injectable()
export class PgSyncRuns extends SyncRuns {
  constructor(private readonly database: Database) {
    super();
  }

  override async enrol(entities: readonly string[], cursored: readonly string[]): Promise<readonly AdoptedCursor[]> {
    const enrolled = await this.database.query<{ entity: string }>(ENROL, [entities]);
    const fresh = enrolled.map(({ entity }) => entity).filter((entity) => cursored.includes(entity));
    if (fresh.length === 0) return [];
    const cursors = await this.oldCursors(fresh);
    const sound = cursors.filter(({ isSound }) => isSound);
    const values = sound.map(({ entity, value }) => ({ entity, value: Number(value) }));
    if (sound.length > 0) await this.database.query(ADOPT, [JSON.stringify(values)]);
    return cursors;
  }

  override async look(): Promise<SyncLook> {
    const [row] = await this.database.query<LookRow>(LOOK, []);
    const { nowMs, settings, runs } = row as LookRow;
    return { nowMs, settings: new Map(Object.entries(settings ?? {})), rows: (runs ?? []).map(toRun) };
  }

  override async claim(entity: string, kind: RunKind | 'diff', cause: RunCause, runner: string) {
    const tickAtMs = 'tickAtMs' in cause ? cause.tickAtMs : null;
    const wanted = 'wanted' in cause ? cause.wanted : null;
    return this.run(CLAIM, [entity, randomUUID(), kind, runner, tickAtMs, wanted]);
  }

  override async takeOver({ entity, runId }: RunRow, silentMs: number, runner: string) {
    return this.run(TAKE_OVER, [entity, runId, randomUUID(), runner, silentMs]);
  }

  override async beat(entity: string, runId: string, counts: RunCounts): Promise<boolean> {
    return (await this.database.query(BEAT, [entity, runId, ...listOf(counts)])).length > 0;
  }

  override async finish(run: FinishedRun): Promise<boolean> {
    const { entity, runId, kind, verdict, error = null, counts, diff, watermark, wasFull = false, givesBack } = run;
    const moves = verdict === 'complete' && kind !== 'diff' && watermark !== undefined;
    const finished = await this.database.query(FINISH, [
      entity,
      runId,
      verdict,
      error,
      ...listOf(counts),
      moves,
      moves ? watermark : null,
      kind,
      diff ? JSON.stringify(diff) : null,
      wasFull,
    ]);
    if (finished.length > 0 && givesBack && moves && watermark !== null) await this.giveBack(entity, watermark);
    return finished.length > 0;
  }

  override async release(entity: string, runId: string): Promise<void> {
    await this.database.query(RELEASE, [entity, runId]);
  }

  override async want(entity: string, kind: RunKind | 'diff', by: string): Promise<number | null> {
    const [row] = await this.database.query<{ atMs: number }>(WANT, [entity, kind, by]);
    return row?.atMs ?? null;
  }

  override async requireFull(entities: readonly string[]): Promise<void> {
    await this.database.query(REQUIRE_FULL, [entities]);
  }

  override async takeSetting(name: string): Promise<boolean> {
    return (await this.database.query(TAKE_SETTING, [name])).length > 0;
  }

  private async run(statement: typeof CLAIM, values: readonly unknown[]): Promise<RunRow | null> {
    const [row] = await this.database.query<StoredRun>(statement, values);
    return row ? toRun(row) : null;
  }

  /** A platform without the table has no cursors. */
  private async oldCursors(entities: readonly string[]): Promise<readonly AdoptedCursor[]> {
    try {
      const rows = await this.database.query<OldCursor>(OLD_CURSORS, [entities]);
      return rows.map(({ entity, value, nowS }) => {
        const seconds = Number(value);
        const isSound = Number.isSafeInteger(seconds) && seconds > 0 && seconds <= Number(nowS) + MOST_AHEAD_S;
        return { entity, value: value ?? '', isSound };
      });
    } catch (error) {
      if (lacksSchema(error) || lacksRight(error)) return [];
      throw error;
    }
  }

  /** One second less: the old worker adds one, and would miss what changed in the same second. */
  private async giveBack(entity: string, watermark: number): Promise<void> {
    try {
      await this.database.query(GIVE_BACK, [entity, watermark - 1]);
    } catch (error) {
      if (!lacksSchema(error) && !lacksRight(error)) throw error;
    }
  }
}

function listOf({ seen, added, changed, refused, deleted }: RunCounts): readonly number[] {
  return [seen, added, changed, refused, deleted];
}

function toRun({ newest, watermark, seen, added, changed, refused, deleted, ...same }: StoredRun): RunRow {
  return {
    ...same,
    newest: newest === null ? null : Number(newest),
    watermark: watermark === null ? null : Number(watermark),
    counts: {
      seen: Number(seen),
      added: Number(added),
      changed: Number(changed),
      refused: Number(refused),
      deleted: Number(deleted),
    },
  };
}
