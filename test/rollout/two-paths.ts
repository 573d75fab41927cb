import { type Receipt, UpdateSink } from '../../src/contracts/update-sink.js';
import type { MatchState } from '../../src/domain/match-state.js';
import type { MatchUpdate } from '../../src/domain/match-update.js';
import { APPLIED, SUPERSEDED } from '../../src/domain/outcomes.js';
import type { Accounting } from '../../src/kernel/accounting.js';
import type { OutcomeCounter } from '../../src/kernel/outcome-counter.js';
import type { Scheduler } from '../../src/kernel/scheduler.js';
import {
  type LegacyQueueItem,
  type LegacyQueueStats,
  LegacyScorePath,
} from '../../src/legacy-bridge/ports/legacy-score-path.js';
import { MatchStates } from '../../src/score-writer/ports/match-states.js';

/** `receivedAtMs` numbers the updates of a match. */
export interface Written {
  readonly matchId: string;
  readonly number: number;
  readonly path: 'direct' | 'legacy';
}

/** What both paths got and wrote, in that order. */
export class TwoPathsLog {
  readonly got: Written[] = [];
  readonly written: Written[] = [];

  numbersOf(list: 'got' | 'written', matchId: string): readonly number[] {
    return this[list].filter((entry) => entry.matchId === matchId).map(({ number }) => number);
  }
}

type Pending = readonly [MatchUpdate, Receipt | undefined];

/** A writer whose commits take their time: what collects meanwhile is written with the newest. */
export class SlowDirectPath extends UpdateSink {
  readonly pending = new Map<string, Pending[]>();
  readonly states: MatchStates;

  constructor(
    private readonly log: TwoPathsLog,
    private readonly scheduler: Scheduler,
    private readonly fates: OutcomeCounter,
    accounting: Accounting,
    private readonly commitMs: () => number,
  ) {
    super();
    accounting.register(() => ({ count: [...this.pending.values()].flat().length, oldestAtMs: null }));
    this.states = new SlowStates(this, scheduler);
  }

  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    for (const update of updates) {
      this.log.got.push({ matchId: update.matchId, number: update.receivedAtMs, path: 'direct' });
      const waiting = this.pending.get(update.matchId);
      if (waiting) waiting.push([update, receipt]);
      else {
        this.pending.set(update.matchId, [[update, receipt]]);
        this.scheduler.after(this.commitMs(), () => this.commit(update.matchId));
      }
    }
  }

  drop(matchId: string): void {
    for (const waiting of this.take(matchId)) this.settle(waiting, SUPERSEDED);
  }

  private commit(matchId: string): void {
    const waiting = this.take(matchId);
    const newest = waiting.pop();
    if (!newest) return;
    this.log.written.push({ matchId, number: newest[0].receivedAtMs, path: 'direct' });
    for (const older of waiting) this.settle(older, SUPERSEDED);
    this.settle(newest, APPLIED);
  }

  private take(matchId: string): Pending[] {
    const waiting = this.pending.get(matchId) ?? [];
    this.pending.delete(matchId);
    return waiting;
  }

  private settle([update, receipt]: Pending, outcome: typeof APPLIED): void {
    this.fates.count(outcome);
    receipt?.concluded(update, outcome);
  }
}

class SlowStates extends MatchStates {
  constructor(
    private readonly path: SlowDirectPath,
    private readonly scheduler: Scheduler,
  ) {
    super();
  }

  override peek(): MatchState | null {
    return null;
  }

  override held(): readonly string[] {
    return [...this.path.pending.keys()];
  }

  override release(matchId: string, timeoutMs: number): Promise<boolean> {
    const untilMs = this.scheduler.monotonicMs() + timeoutMs;
    return new Promise((resolve) => {
      const look = (): void => {
        const isLate = this.scheduler.monotonicMs() >= untilMs;
        const isDone = !this.path.pending.has(matchId);
        if (isLate) this.path.drop(matchId);
        if (isDone || isLate) resolve(isDone);
        else this.scheduler.after(5, look);
      };
      look();
    });
  }
}

const FLUSH_EVERY_MS = 100;

/** A queue as the platform's: flushed every 100 ms, newest of each match, and deaf to `flush` while it flushes. */
export class SlowLegacyQueue extends LegacyScorePath {
  /** never answers again */
  hangs = false;
  throws = false;
  private queue = new Map<string, number>();
  private flushing = false;

  constructor(
    private readonly log: TwoPathsLog,
    private readonly scheduler: Scheduler,
    private readonly writeMs: () => number,
  ) {
    super();
    scheduler.every(FLUSH_EVERY_MS, () => void this.flush());
  }

  override enqueue(matchId: string, { ingestionTs }: LegacyQueueItem): void {
    if (this.throws) throw new Error('The legacy queue was told to throw');
    this.log.got.push({ matchId, number: ingestionTs * 1000, path: 'legacy' });
    this.queue.set(matchId, ingestionTs * 1000);
  }

  override async flush(): Promise<void> {
    if (this.flushing || this.queue.size === 0) return;
    this.flushing = true;
    const batch = this.queue;
    this.queue = new Map();
    if (this.hangs) await new Promise(() => {});
    for (const [matchId, number] of batch) {
      await new Promise<void>((resolve) => void this.scheduler.after(this.writeMs(), resolve));
      this.log.written.push({ matchId, number, path: 'legacy' });
    }
    this.flushing = false;
  }

  override getStats(): LegacyQueueStats {
    return {
      queueSize: this.queue.size,
      batchSize: 10,
      flushIntervalMs: FLUSH_EVERY_MS,
      isFlushing: this.flushing,
    };
  }

  override stop(): void {}
}
