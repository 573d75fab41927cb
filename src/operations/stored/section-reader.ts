import type { Clock } from '../../kernel/clock.js';
import { within } from '../../kernel/deadline.js';
import type { Scheduler } from '../../kernel/scheduler.js';
import { sqlState } from '../../postgres/sql-state.js';
import type { Section } from '../facts.js';

/** How one section is read. */
export interface Reading<Value> {
  readonly everyMs: number;
  readonly timeoutMs: number;
  read(): Promise<Value>;
}

/**
 * Reads one section when it is due and somebody asks. While a question hangs no other is asked, and its answer is late: the section
 * stays as it was, and says so.
 */
export class SectionReader<Value> {
  private section: Section<Value> = { asOfMs: null, value: null, error: null };
  private toldAtMs = 0;
  private asking: Promise<void> | null = null;
  private dueAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly reading: Reading<Value>,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  get facts(): Section<Value> {
    return this.section;
  }

  /** When the section became what it is, unix ms. */
  get changedAtMs(): number {
    return this.toldAtMs;
  }

  /** What was read is old: somebody has changed it. */
  expire(): void {
    this.dueAtMs = Number.NEGATIVE_INFINITY;
  }

  /** Never rejects, and waits for its time at most. */
  async refresh(): Promise<void> {
    const nowMs = this.scheduler.monotonicMs();
    if (nowMs < this.dueAtMs) return;
    this.dueAtMs = nowMs + this.reading.everyMs;
    this.asking ??= this.ask().finally(() => {
      this.asking = null;
    });
    const isInTime = await within(
      this.asking.then(() => true),
      this.reading.timeoutMs,
      this.scheduler,
    );
    if (!isInTime) this.tell({ ...this.section, error: 'late' });
  }

  private async ask(): Promise<void> {
    try {
      const value = await this.reading.read();
      this.tell({ asOfMs: this.clock.nowMs(), value, error: null });
    } catch (error) {
      this.tell({ ...this.section, error: sqlState(error) ?? 'no answer' });
    }
  }

  private tell(section: Section<Value>): void {
    this.section = section;
    this.toldAtMs = this.clock.nowMs();
  }
}
