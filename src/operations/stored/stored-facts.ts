import { Injectable, Optional } from '@nestjs/common';
import { LetterDesk } from '../../dead-letters/ports/letter-desk.js';
import { ForeignWriteStore } from '../../foreign-writers/ports/foreign-write-store.js';
import { Clock } from '../../kernel/clock.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { HostRows } from '../../lease/ports/host-rows.js';
import { RetentionStore } from '../../retention/ports/retention-store.js';
import { RolloutReads } from '../../rollout/ports/rollout-reads.js';
import { RolloutStore } from '../../rollout/ports/rollout-store.js';
import { SettlementDesk } from '../../settlement/ports/settlement-desk.js';
import { StaleMatches } from '../../sync/ports/stale-matches.js';
import { SyncDesk } from '../../sync/ports/sync-desk.js';
import { LiveReads } from '../adapters/pg/live-reads.js';
import type { StoredFacts } from '../facts.js';
import { type Reading, SectionReader } from './section-reader.js';
import { comparisonOf, hostOf, rolloutOf, settlementOf, staleOf, syncOf } from './section-values.js';

const ONE_MS = 1_000;
const NOTHING_READ = Object.freeze({ asOfMs: null, value: null, error: null });

type Readers = { readonly [Name in keyof StoredFacts]: SectionReader<unknown> | null };

/**
 * What the database says, for all readers of the page together: a round of questions once a second at most, one question after the
 * other, and only while somebody looks. The sections that cost more are due less often.
 */
@Injectable()
export class StoredFactsReader {
  private readonly readers: Readers;
  private round: Promise<void> | null = null;
  private roundDueAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Optional() reads?: LiveReads,
    @Optional() rollout?: RolloutStore,
    @Optional() rolloutReads?: RolloutReads,
    @Optional() hosts?: HostRows,
    @Optional() letters?: LetterDesk,
    @Optional() sync?: SyncDesk,
    @Optional() settlement?: SettlementDesk,
    @Optional() foreignWriters?: ForeignWriteStore,
    @Optional() retention?: RetentionStore,
    @Optional() stale?: StaleMatches,
  ) {
    this.readers = {
      live: reads ? this.reader(1, () => reads.live()) : null,
      rollout: rollout && rolloutReads ? this.reader(5, () => rolloutOf(rollout, rolloutReads)) : null,
      hosts: hosts ? this.reader(5, async () => (await hosts.list()).map(hostOf)) : null,
      deadLetters: letters ? this.reader(5, () => letters.totals({})) : null,
      comparison: rolloutReads ? this.reader(60, () => comparisonOf(rolloutReads, this.clock.nowMs())) : null,
      sync: sync ? this.reader(5, () => syncOf(sync)) : null,
      settlement: settlement ? this.reader(60, () => settlementOf(settlement, this.clock.nowMs())) : null,
      foreignWriters: foreignWriters && reads ? this.reader(5, () => reads.foreignWriters()) : null,
      sizes: retention ? this.reader(60, async () => (await retention.sizes()).map(sizeOf)) : null,
      stale: stale ? this.reader(10, () => staleOf(stale)) : null,
    };
  }

  get facts(): StoredFacts {
    const sections = Object.entries(this.readers).map(([name, reader]) => [name, reader?.facts ?? null]);
    const { live, sizes, ...others } = Object.fromEntries(sections);
    return { ...others, live: live ?? NOTHING_READ, sizes: sizes ?? NOTHING_READ };
  }

  /** Somebody has changed something: everything is read again with the next round. */
  expire(): void {
    for (const reader of Object.values(this.readers)) reader?.expire();
    this.roundDueAtMs = Number.NEGATIVE_INFINITY;
  }

  /** The round under way, or a new one where it is due. Never rejects. */
  refresh(): Promise<void> {
    const nowMs = this.scheduler.monotonicMs();
    if (this.round) return this.round;
    if (nowMs < this.roundDueAtMs) return Promise.resolve();
    this.roundDueAtMs = nowMs + ONE_MS;
    this.round = this.ask().finally(() => {
      this.round = null;
    });
    return this.round;
  }

  /** What is live is never older for the other sections. A database that does not say it is asked for nothing else. */
  private async ask(): Promise<void> {
    const { live, ...others } = this.readers;
    for (const reader of Object.values(others)) {
      await live?.refresh();
      if (live?.facts.error) return;
      await reader?.refresh();
    }
  }

  private reader(everyS: number, read: Reading<unknown>['read']): SectionReader<unknown> {
    return new SectionReader({ everyMs: everyS * ONE_MS - 100, timeoutMs: ONE_MS, read }, this.clock, this.scheduler);
  }
}

function sizeOf({
  table,
  rows,
  bytes,
}: {
  readonly table: string;
  readonly rows: number | null;
  readonly bytes: number;
}) {
  return { table, rows, bytes };
}
