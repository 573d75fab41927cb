import { Injectable } from '@nestjs/common';
import { Scheduler } from '../../kernel/scheduler.js';
import { Database, type Statement } from '../../postgres/database.js';
import { WriterHealth } from '../../score-writer/ports/writer-health.js';
import { ResolvedRolloutWatchOptions } from './rollout-watch.options.js';

const PROBE: Statement = { name: 'livescore_rollout_probe', text: 'SELECT 1' };

/** The database looks busy or away, whoever is to blame: by looks at the pool and the writer, and by a statement of ours. */
@Injectable()
export class DatabaseStrain {
  private looks = 0;
  private used = 0;
  private unhealthy = false;

  constructor(
    private readonly options: ResolvedRolloutWatchOptions,
    private readonly writer: WriterHealth,
    private readonly database: Database,
    private readonly scheduler: Scheduler,
  ) {}

  /** A look at what has no history: many per slice. */
  poll(): void {
    this.looks++;
    this.used += this.database.use;
    if (!this.writer.healthy) this.unhealthy = true;
  }

  /** What was found since the last call. */
  take(): { readonly poolUse: number; readonly unhealthy: boolean } {
    const strain = { poolUse: this.used / Math.max(1, this.looks), unhealthy: this.unhealthy };
    this.looks = 0;
    this.used = 0;
    this.unhealthy = false;
    return strain;
  }

  /** Is the simplest statement as slow as a write may be? With free connections that is not our doing. */
  async probe(): Promise<string | null> {
    const crowded = this.database.use >= 1;
    const sinceMs = this.scheduler.monotonicMs();
    try {
      await this.database.query(PROBE, []);
    } catch {
      return 'the database cannot be asked';
    }
    const tookMs = this.scheduler.monotonicMs() - sinceMs;
    return !crowded && tookMs > this.options.limits.maxP95Ms ? 'the database is slow for everybody' : null;
  }
}
