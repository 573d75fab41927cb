import { Inject, Injectable, Optional } from '@nestjs/common';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { Database, type Statement } from '../postgres/database.js';
import { sqlState } from '../postgres/sql-state.js';
import { WriterHealth } from '../score-writer/ports/writer-health.js';

/** Whether the database takes what this process writes. */
export interface DatabaseFacts {
  readonly ok: boolean;
  /** one short line, without addresses; absent when it is well */
  readonly error?: string;
}

const ASK: Statement = { name: 'livescore_ready', text: 'SELECT 1' };
const TIMEOUT_MS = 1_000;
const FRESH_MS = 1_000;
const WELL: DatabaseFacts = { ok: true };
const LATE: DatabaseFacts = { ok: false, error: `no answer within ${TIMEOUT_MS} ms` };
const WRITES_FAIL: DatabaseFacts = { ok: false, error: 'scores cannot be written' };

/**
 * Asks the database at most once a second, and waits for it 1 s at most. While one question hangs no other is asked:
 * probing takes one connection of the pool, not all of them.
 */
@Injectable()
export class DatabaseProbe {
  private answer: DatabaseFacts = WELL;
  private answeredAtMs = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | null = null;

  constructor(
    private readonly scheduler: Scheduler,
    @Optional() @Inject(Database) private readonly database?: Database,
    @Optional() @Inject(WriterHealth) private readonly writer?: WriterHealth,
  ) {}

  async check(): Promise<DatabaseFacts> {
    const answer = await this.ask();
    return answer.ok && this.writer?.healthy === false ? WRITES_FAIL : answer;
  }

  private async ask(): Promise<DatabaseFacts> {
    const { database } = this;
    const isFresh = this.scheduler.monotonicMs() - this.answeredAtMs < FRESH_MS;
    if (!database || isFresh) return this.answer;
    this.asking ??= this.question(database).finally(() => {
      this.asking = null;
    });
    return this.withinTime(this.asking);
  }

  private async question(database: Database): Promise<void> {
    try {
      await database.query(ASK, []);
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
