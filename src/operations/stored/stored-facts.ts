import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Scheduler } from '../../kernel/scheduler.js';
import type { StoredFacts } from '../facts.js';
import { PathReadings, type SectionReading } from './readings.js';
import { SectionReader } from './section-reader.js';
import { SideReadings } from './side-readings.js';

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
    path: PathReadings,
    side: SideReadings,
  ) {
    const { live, matches, rollout, hosts, deadLetters, comparison, foreignWriters } = path.all;
    const { sync, settlement, sizes, stale } = side.all;
    const all = {
      live,
      matches,
      rollout,
      hosts,
      deadLetters,
      comparison,
      sync,
      settlement,
      foreignWriters,
      sizes,
      stale,
    };
    const readers = Object.entries(all).map(([name, reading]) => [name, reading && this.reader(reading)]);
    this.readers = Object.fromEntries(readers);
  }

  get facts(): StoredFacts {
    const sections = Object.entries(this.readers).map(([name, reader]) => [name, reader?.facts ?? null]);
    const { live, matches, sizes, ...others } = Object.fromEntries(sections);
    return {
      ...others,
      live: live ?? NOTHING_READ,
      matches: matches ?? NOTHING_READ,
      sizes: sizes ?? NOTHING_READ,
    };
  }

  /** Only the sections that were read, or could not be read, since then. */
  factsSince(sinceMs: number): Partial<StoredFacts> {
    const read = Object.entries(this.readers).filter(([, reader]) => reader && reader.changedAtMs >= sinceMs);
    return Object.fromEntries(read.map(([name, reader]) => [name, reader?.facts]));
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

  private reader({ everyS, read }: SectionReading): SectionReader<unknown> {
    return new SectionReader({ everyMs: everyS * ONE_MS - 100, timeoutMs: ONE_MS, read }, this.clock, this.scheduler);
  }
}
