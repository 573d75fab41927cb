import { Injectable, Optional } from '@nestjs/common';
import { LetterDesk } from '../../dead-letters/ports/letter-desk.js';
import { ForeignWriteStore } from '../../foreign-writers/ports/foreign-write-store.js';
import { Clock } from '../../kernel/clock.js';
import { HostRows } from '../../lease/ports/host-rows.js';
import { RolloutReads } from '../../rollout/ports/rollout-reads.js';
import { RolloutStore } from '../../rollout/ports/rollout-store.js';
import { LiveReads } from '../adapters/pg/live-reads.js';
import type { StoredFacts } from '../facts.js';
import { comparisonOf, hostOf, rolloutOf } from './section-values.js';

/** How a section is read, and after how many seconds again. */
export interface SectionReading {
  readonly everyS: number;
  read(): Promise<unknown>;
}

/** Null: the host has no such module. */
export type Readings<Name extends keyof StoredFacts> = { readonly [One in Name]: SectionReading | null };

/** Reads what the modules of the direct path keep. */
@Injectable()
export class PathReadings {
  readonly all: Readings<'live' | 'matches' | 'rollout' | 'hosts' | 'deadLetters' | 'comparison' | 'foreignWriters'>;

  constructor(
    clock: Clock,
    @Optional() reads?: LiveReads,
    @Optional() rollout?: RolloutStore,
    @Optional() rolloutReads?: RolloutReads,
    @Optional() hosts?: HostRows,
    @Optional() letters?: LetterDesk,
    @Optional() foreignWriters?: ForeignWriteStore,
  ) {
    this.all = {
      live: reads ? { everyS: 1, read: () => reads.live() } : null,
      matches: reads ? { everyS: 3, read: () => reads.matches() } : null,
      rollout: rollout && rolloutReads ? { everyS: 5, read: () => rolloutOf(rollout, rolloutReads) } : null,
      hosts: hosts ? { everyS: 5, read: async () => (await hosts.list()).map(hostOf) } : null,
      deadLetters: letters ? { everyS: 5, read: () => letters.totals({}) } : null,
      comparison: rolloutReads ? { everyS: 60, read: () => comparisonOf(rolloutReads, clock.nowMs()) } : null,
      foreignWriters: foreignWriters && reads ? { everyS: 5, read: () => reads.foreignWriters() } : null,
    };
  }
}
