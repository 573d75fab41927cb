import { Injectable, Optional } from '@nestjs/common';
import type { LegacyBinding } from '../../../contracts/legacy-binding.js';
import { Database, ReadDatabase } from '../../../postgres/database.js';
import {
  type RolloutChange,
  type RolloutDecision,
  type RolloutSetting,
  type RolloutSnapshot,
  RolloutStore,
} from '../../ports/rollout-store.js';
import { ResolvedRolloutOptions } from '../../rollout.options.js';
import {
  APPEND,
  DECISIONS,
  HISTORY,
  LEGACY_BINDING,
  NOTE_LEGACY_BINDING,
  PIN,
  READ,
  READ_WITH_COMPETITIONS,
  RECORD_DECISION,
  UNPIN,
} from './rollout-statements.js';

/** The newest change, NULL in every column when there is none, with what belongs to it. */
interface SnapshotRow extends Omit<RolloutChange, 'id'> {
  readonly id: number | null;
  readonly pins: Readonly<Record<string, 'legacy' | 'direct'>>;
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
}

/**
 * `livescore_rollout`, `livescore_pin` and `livescore_rollout_decision` through the package's own connections.
 * `ts_matches` is read only while competitions are listed in a stage where lists count.
 */
@Injectable()
export class PgRolloutStore extends RolloutStore {
  private readonly reads: Database;
  private withCompetitions = false;

  /**
   * @param options of the process: one that never leaves the legacy path has no use for lists
   * @param reads connections of those who only read, where there are some: what operators look at decides no route
   */
  constructor(
    private readonly database: Database,
    @Optional() private readonly options?: ResolvedRolloutOptions,
    @Optional() reads?: ReadDatabase,
  ) {
    super();
    this.reads = reads ?? database;
  }

  override async read(): Promise<RolloutSnapshot> {
    const snapshot = await this.readOnce();
    const needed = this.options?.maxStage !== 'legacy' && !this.options?.killSwitch && needsCompetitions(snapshot);
    if (needed === this.withCompetitions) return snapshot;
    this.withCompetitions = needed;
    return this.readOnce();
  }

  override async append(
    setting: RolloutSetting,
    by: string,
    reason: string,
    expectedId: number | null,
  ): Promise<RolloutChange | null> {
    const [row] = await this.database.query<RolloutChange & { readonly setval: unknown }>(APPEND, [
      expectedId,
      setting.stage,
      setting.percent,
      JSON.stringify(setting.allowMatches),
      JSON.stringify(setting.denyMatches),
      JSON.stringify(setting.allowCompetitions),
      JSON.stringify(setting.denyCompetitions),
      setting.stepPlan && JSON.stringify(setting.stepPlan),
      setting.latched,
      by,
      reason,
    ]);
    if (!row) return null;
    const { setval: _sequence, ...change } = row;
    return change;
  }

  override history(limit: number): Promise<readonly RolloutChange[]> {
    return this.reads.query(HISTORY, [limit]);
  }

  override async pin(
    matchId: string,
    route: 'legacy' | 'direct' | null,
    by: string,
    reason: string | null,
  ): Promise<void> {
    if (route) await this.database.query(PIN, [matchId, route, by, reason]);
    else await this.database.query(UNPIN, [matchId]);
  }

  override async noteLegacyBinding(binding: LegacyBinding): Promise<void> {
    await this.database.query(NOTE_LEGACY_BINDING, [binding]);
  }

  override async legacyBinding(): Promise<LegacyBinding | null> {
    const [row] = await this.reads.query<{ value: string }>(LEGACY_BINDING, []);
    const { value } = row ?? {};
    return value === 'handler' || value === 'queue' || value === 'none' ? value : null;
  }

  override async recordDecision({ verdict, action, stage, percent, reason, numbers }: RolloutDecision): Promise<void> {
    await this.database.query(RECORD_DECISION, [verdict, action, stage, percent, reason, JSON.stringify(numbers)]);
  }

  override decisions(limit: number): Promise<readonly (RolloutDecision & { readonly decidedAtMs: number })[]> {
    return this.reads.query(DECISIONS, [limit]);
  }

  private async readOnce(): Promise<RolloutSnapshot> {
    const statement = this.withCompetitions ? READ_WITH_COMPETITIONS : READ;
    const [row] = await this.database.query<SnapshotRow>(statement, []);
    return toSnapshot(row as SnapshotRow);
  }
}

function toSnapshot({ id, pins, allowed, denied, ...change }: SnapshotRow): RolloutSnapshot {
  return {
    change: id === null ? null : { id, ...change },
    pins: new Map(Object.entries(pins)),
    allowedByCompetition: new Set(allowed),
    deniedByCompetition: new Set(denied),
  };
}

function needsCompetitions({ change }: RolloutSnapshot): boolean {
  if (!change || change.stage === 'legacy') return false;
  return change.allowCompetitions.length + change.denyCompetitions.length > 0;
}
