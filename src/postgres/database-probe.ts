import { Inject, Injectable, Optional } from '@nestjs/common';
import type { DatabaseFacts, ReadinessFacts } from '../contracts/health-facts.js';
import { HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { Database, type Statement } from './database.js';
import { sqlState } from './sql-state.js';

const ASK: Statement = { name: 'livescore_ready', text: 'SELECT 1' };
const TIMEOUT_MS = 1_000;
const FRESH_MS = 1_000;
const WELL: DatabaseFacts = { ok: true };
const LATE: DatabaseFacts = { ok: false, error: `no answer within ${TIMEOUT_MS} ms` };

/**
 * Asks the database at most once a second, and waits for it 1 s at most. While one question hangs no other is asked:
 * probing takes one connection of the pool, not all of them.
 */
@Injectable()
export class DatabaseProbe extends HealthProbe {
  private answer: DatabaseFacts = WELL;
  private answeredAtMs = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | null = null;

  constructor(
    private readonly scheduler: Scheduler,
    @Inject(Database) private readonly database: Database,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
  }

  override async ready(): Promise<ReadinessFacts> {
    return { db: await this.ask() };
  }

  private async ask(): Promise<DatabaseFacts> {
    const isFresh = this.scheduler.monotonicMs() - this.answeredAtMs < FRESH_MS;
    if (isFresh) return this.answer;
    this.asking ??= this.question().finally(() => {
      this.asking = null;
    });
    return this.withinTime(this.asking);
  }

  private async question(): Promise<void> {
    try {
      await this.database.query(ASK, []);
      this.answer = WELL;
    } catch (error) {
      this.answer = { ok: false, error: `failed: ${sqlState(error) ?? 'no answer'}` };
    }
    this.answeredAtMs = this.scheduler.monotonicMs();
  }

  private async withinTime(asking: Promise<void>): Promise<DatabaseFacts> {
    let cancel: Cancel = () => undefined;
    const late = new Promise<DatabaseFacts>((resolve) => {
      cancel = this.scheduler.after(TIMEOUT_MS, () => resolve(LATE));
    });
    try {
      return await Promise.race([asking.then(() => this.answer), late]);
    } finally {
      cancel();
    }
  }
}
