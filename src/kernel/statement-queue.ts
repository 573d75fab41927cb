import { Backoff, type RetryPolicy } from './backoff.js';
import { within } from './deadline.js';
import type { Scheduler } from './scheduler.js';

/** What waits to be sent, and what becomes of it: the owner of a queue knows, the queue does not. */
export interface StatementWork<Item> {
  /**
   * The next items, `most` at most; those that were given back come first.
   * @returns null when there is nothing to send; none is a statement without items
   */
  take(most: number): readonly Item[] | null;
  /** @returns the items that have to be sent again, as their rows are locked */
  send(items: readonly Item[]): Promise<readonly Item[]>;
  /** They were not sent, or not for certain. @returns false when nothing waits again: then there is no pause */
  giveBack(items: readonly Item[]): boolean;
  /** The database will never take this one. */
  giveUp(item: Item, error: unknown): void;
  /** Told every statement that fails. */
  failed?(error: unknown): void;
  /** Told the first failure of an outage. */
  outageBegan?(error: unknown): void;
  /** Told the first success after an outage. */
  outageOver?(): void;
}

export interface QueuePolicy {
  /** items in one statement */
  readonly most: number;
  readonly retry: RetryPolicy;
  /** Can no attempt ever succeed? */
  readonly isPermanent: (error: unknown) => boolean;
  /** May one item be to blame for the failure, so that others would not fail? @default never */
  readonly maySpareOthers?: (error: unknown) => boolean;
}

/** Failures of whole statements in a row before their items go alone. */
const SUSPICIOUS_FAILURES = 2;

export type QueueMode = 'idle' | 'sending' | 'pausing' | 'stopped';

/**
 * Sends what waits, one statement at a time.
 *
 * - *idle*: nothing waits. `wake`, when something does → *sending*, in the same turn
 * - *sending*: one statement is in flight; what comes meanwhile goes with the next one. Sent → the next statement, or → *idle*
 *   when nothing is left. Items left over (a locked row) or a failure: they are given back → *pausing*; when nothing
 *   waits again, the next statement. A failure is an outage until the next success; its begin and end are told once
 * - *narrowing* is *sending* with one item each: a statement that the database refuses for what is in it is given back, and
 *   as many statements as it had items go alone. One that is refused alone is given up, and the others go on. The same
 *   after two failures in a row that one item may be to blame for; one that fails alone then is given back, and the pause
 *   comes when none went through: then it is the database
 * - *pausing*: growing pauses with jitter → *sending*; `drain` ends a pause at once
 * - *stopped*, for good: nothing is sent any more. The statement in flight is still answered to the owner
 *
 * What waits is the owner's, with its bound and its overflow rule.
 */
export class StatementQueue<Item> {
  private state: QueueMode = 'idle';
  /** statements of one item to come */
  private narrowing = 0;
  private outage = false;
  /** failures of whole statements in a row that one item may be to blame for */
  private suspicious = 0;
  private readonly backoff: Backoff;
  private readonly idleListeners = new Set<() => void>();

  constructor(
    private readonly work: StatementWork<Item>,
    private readonly policy: QueuePolicy,
    private readonly scheduler: Scheduler,
  ) {
    this.backoff = new Backoff(scheduler, policy.retry);
  }

  get mode(): QueueMode {
    return this.state;
  }

  /** Is the database refusing or not answering? */
  get failing(): boolean {
    return this.outage && this.backoff.attempts > 0;
  }

  /** Failures and locked rows since the last success. */
  get attempts(): number {
    return this.backoff.attempts;
  }

  /** Something waits. */
  wake(): void {
    if (this.state === 'idle') void this.run();
  }

  /** What was given back is wanted no more: pauses and narrowing start over. */
  forget(): void {
    this.narrowing = 0;
    this.suspicious = 0;
    this.backoff.reset();
  }

  /** Sends what waits and what comes meanwhile, for `waitMs` at most. Never rejects. */
  async drain(waitMs: number): Promise<void> {
    if (this.state === 'pausing') {
      this.backoff.cutShort();
      void this.run();
    }
    if (this.state !== 'sending') return;
    const idle = new Promise<void>((resolve) => void this.idleListeners.add(resolve));
    await within(idle, waitMs, this.scheduler);
  }

  stop(): void {
    this.backoff.stop();
    this.enter('stopped');
  }

  private async run(): Promise<void> {
    this.enter('sending');
    for (let items = this.next(); items; items = this.next()) {
      if (await this.send(items)) continue;
      if (this.state === 'stopped') return;
      this.enter('pausing');
      this.backoff.wait(() => void this.run());
      return;
    }
    this.narrowing = 0;
    if (this.state !== 'stopped') this.enter('idle');
  }

  private next(): readonly Item[] | null {
    if (this.state === 'stopped') return null;
    return this.work.take(this.narrowing > 0 ? 1 : this.policy.most);
  }

  /** @returns whether the next statement may follow at once */
  private async send(items: readonly Item[]): Promise<boolean> {
    let left: readonly Item[];
    try {
      left = await this.work.send(items);
    } catch (error) {
      return this.failed(items, error);
    }
    this.answered();
    if (left.length > 0) return !this.work.giveBack(left);
    this.done(items);
    return true;
  }

  private failed(items: readonly Item[], error: unknown): boolean {
    this.work.failed?.(error);
    const [only] = items;
    if (only === undefined || !this.policy.isPermanent(error)) return this.failedForNow(items, error);
    this.answered();
    if (items.length > 1) {
      this.work.giveBack(items);
      this.narrowing = items.length;
    } else {
      this.done(items);
      this.work.giveUp(only, error);
    }
    return true;
  }

  private failedForNow(items: readonly Item[], error: unknown): boolean {
    if (!this.outage) this.work.outageBegan?.(error);
    this.outage = true;
    const waits = this.work.giveBack(items);
    if (!this.policy.maySpareOthers?.(error)) return !waits;
    if (this.narrowing > 0) this.narrowing--;
    else if (items.length > 1 && ++this.suspicious >= SUSPICIOUS_FAILURES) this.narrowing = items.length;
    else return !waits;
    return !waits || this.narrowing > 0;
  }

  private done({ length }: readonly Item[]): void {
    this.backoff.reset();
    if (length > 0 && this.narrowing > 0) this.narrowing--;
  }

  /** The database is there, whatever it said. */
  private answered(): void {
    if (this.outage) this.work.outageOver?.();
    this.outage = false;
    this.suspicious = 0;
  }

  private enter(mode: QueueMode): void {
    this.state = mode;
    if (mode !== 'idle' && mode !== 'stopped') return;
    for (const tell of this.idleListeners) tell();
    this.idleListeners.clear();
  }
}
