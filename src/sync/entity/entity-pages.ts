import { Injectable, Logger, Optional } from '@nestjs/common';
import { DeadLetterSink } from '../../contracts/dead-letter-sink.js';
import type { EntityDefinition } from '../../domain/sync/entity-definition.js';
import type { StoredField } from '../../domain/sync/entity-row.js';
import { retryPauseMs } from '../../kernel/backoff.js';
import { Clock } from '../../kernel/clock.js';
import { pause } from '../../kernel/deadline.js';
import { LiveScoreMetrics } from '../../kernel/livescore-metrics.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { classify } from '../../postgres/sql-state.js';
import { ProviderClock, UNMEASURED } from '../../provider/ports/provider-clock.js';
import type { ProviderItem } from '../../provider/ports/provider-lists.js';
import { type EntityPage, EntityStore, type PageStored, type RowDifference } from '../ports/entity-store.js';
import { type PageRead, PageReader } from './page-reader.js';
import type { SeenKeys } from './seen-keys.js';

/** Letters of one run: the rest is counted. */
const MOST_LETTERS = 100;
const KEYS_AT_ONCE = 5_000;
const RETRY = { firstMs: 200, maxMs: 10_000 };
/** About a minute without a database; then the run ends, and another one begins later. */
const MOST_ATTEMPTS = 10;

/** What a run of an entity needs of the world: pages of the provider, and the table. */
@Injectable()
export class EntityPages {
  private readonly logger = new Logger('Sync');
  private readonly told = new Set<string>();

  constructor(
    private readonly reader: PageReader,
    private readonly store: EntityStore,
    private readonly scheduler: Scheduler,
    private readonly clock: Clock,
    private readonly metrics: LiveScoreMetrics,
    @Optional() private readonly providerClock: ProviderClock = UNMEASURED,
    @Optional() private readonly letters?: DeadLetterSink,
  ) {}

  /** The fields that the table has columns for, as it is now; null when it cannot be written at all. */
  async fieldsOf(entity: EntityDefinition): Promise<readonly StoredField[] | null> {
    const { fields, leftOut } = await this.store.columns(entity);
    const told = `${entity.name}: ${leftOut.join(', ')}`;
    if (leftOut.length > 0 && !this.told.has(told)) {
      this.told.add(told);
      this.logger.warn('Columns are left out: the table does not have them as they are needed', {
        table: entity.table,
        columns: leftOut,
      });
    }
    return fields;
  }

  read(
    { endpoint }: Pick<EntityDefinition, 'endpoint'>,
    params: Readonly<Record<string, string | number>>,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<PageRead> {
    return this.reader.read({ endpoint, params, priority: 'catalogue', timeoutMs, signal });
  }

  /** The provider's clock at a moment of ours, unix seconds. */
  providerTimeS(atMs: number): number {
    return Math.floor((atMs + this.providerClock.skewMs) / 1000);
  }

  /**
   * Stores one page. A database that is away for a moment is waited for.
   * @throws the driver's error when it stays away, or will never take the page
   */
  async save(page: EntityPage, signal: AbortSignal): Promise<PageStored> {
    for (let failures = 1; ; failures++) {
      try {
        const stored = await this.store.save(page);
        this.metrics.syncRows.inc({ entity: page.entity.name, result: 'added' }, stored.added);
        this.metrics.syncRows.inc({ entity: page.entity.name, result: 'changed' }, stored.changed);
        return stored;
      } catch (error) {
        if (classify(error) !== 'transient' || failures >= MOST_ATTEMPTS) throw error;
        await pause(retryPauseMs(RETRY, failures, this.scheduler), this.scheduler, signal);
      }
    }
  }

  /** @returns false when it was called off meanwhile */
  async rest(ms: number, signal: AbortSignal): Promise<boolean> {
    try {
      await pause(ms, this.scheduler, signal);
      return true;
    } catch {
      return false;
    }
  }

  compare(page: Omit<EntityPage, 'run'>): Promise<readonly RowDifference[]> {
    return this.store.compare({ ...page, run: null });
  }

  /** Keys of the table that the provider does not list any more, and that are not marked yet. */
  async missing(entity: EntityDefinition, seen: SeenKeys, createdBeforeMs: number): Promise<readonly string[]> {
    const missing: string[] = [];
    for (let after = ''; ; ) {
      const keys = await this.store.keys(entity, { after, limit: KEYS_AT_ONCE, createdBeforeMs });
      for (const key of keys) if (!seen.has(key)) missing.push(key);
      const last = keys.at(-1);
      if (last === undefined || keys.length < KEYS_AT_ONCE) return missing;
      after = last;
    }
  }

  async markDeleted(entity: EntityDefinition, keys: readonly string[], runId: string): Promise<number> {
    let marked = 0;
    for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
      marked += await this.store.markDeleted(entity, keys.slice(from, from + KEYS_AT_ONCE), runId);
    }
    return marked;
  }

  /** @param refused which one of the run it is, from 1 */
  bury(
    { name }: EntityDefinition,
    externalId: string | null,
    reason: string,
    item: ProviderItem,
    refused: number,
  ): void {
    this.metrics.syncRows.inc({ entity: name, result: 'refused' });
    if (refused > MOST_LETTERS) return;
    this.letters?.bury({
      reason: 'malformed',
      detail: `${name} ${externalId ?? 'without an id'}, ${reason}`,
      matchId: null,
      topic: `sync/${name}`,
      payload: Buffer.from(JSON.stringify(item)),
      receivedAtMs: this.clock.nowMs(),
    });
  }
}
