import { Injectable, Optional } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { RetentionStore } from '../../retention/ports/retention-store.js';
import { SettlementDesk } from '../../settlement/ports/settlement-desk.js';
import { StaleMatches } from '../../sync/ports/stale-matches.js';
import { SyncDesk } from '../../sync/ports/sync-desk.js';
import type { Readings } from './readings.js';
import { settlementOf, sizeOf, staleOf, syncOf } from './section-values.js';

/** Reads what the modules beside the direct path keep: sync, settlement, retention. */
@Injectable()
export class SideReadings {
  readonly all: Readings<'sync' | 'settlement' | 'sizes' | 'stale'>;

  constructor(
    clock: Clock,
    @Optional() sync?: SyncDesk,
    @Optional() settlement?: SettlementDesk,
    @Optional() retention?: RetentionStore,
    @Optional() stale?: StaleMatches,
  ) {
    this.all = {
      sync: sync ? { everyS: 5, read: () => syncOf(sync) } : null,
      settlement: settlement ? { everyS: 60, read: () => settlementOf(settlement, clock.nowMs()) } : null,
      sizes: retention ? { everyS: 60, read: async () => (await retention.sizes()).map(sizeOf) } : null,
      stale: stale ? { everyS: 10, read: () => staleOf(stale) } : null,
    };
  }
}
