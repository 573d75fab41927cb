import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  Optional,
} from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { MatchRouter } from '../contracts/match-router.js';
import { Clock } from '../kernel/clock.js';
import { pause, within } from '../kernel/deadline.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { retry } from '../kernel/retry.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { reasonOf } from '../kernel/unreachable.errors.js';
import { lacksSchema } from '../postgres/sql-state.js';
import { MatchBoard } from './board/match-board.js';
import { rowTaken } from './board/row-taken.js';
import { ResolvedBroadcastOptions } from './broadcast.options.js';
import { BroadcastFeed } from './broadcast-feed.js';
import { type BoardRow, BoardStore } from './ports/board-store.js';
import { WaitingIds } from './waiting-ids.js';

/** Ids that wait are asked for together. */
const GATHER_MS = 10;
/** What changed beside the versions is read again at most so often. */
const REFRESH_MS = 100;
/** One statement under way keeps all others waiting. */
const MOST_LOAD_MS = 3_000;
/** A stranger may ask for what does not exist again and again. */
const ABSENT_FOR_MS = 5_000;
const MOST_ABSENT = 20_000;
/** While nothing goes the direct way: does anything now? */
const LOOK_EVERY_MS = 1_000;
const RETRY = { firstMs: 200, maxMs: 5_000 };

/**
 * The reader fills the board from the database: all current matches at bootstrap, others when somebody asks for them, and what
 * stands beside the versions when it changed. However many ask, one statement is under way.
 */
@Injectable()
export class BoardReader implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly life = new Lifecycle();
  private readonly failures = new SampledWarning(
    new Logger('Broadcast'),
    'The matches that clients ask for could not be read',
  );
  private readonly absent: LRUCache<string, true>;
  private readonly waiting = new WaitingIds();
  /** of the statement that is under way */
  private asked: ReadonlySet<string> = new Set();
  private underWay: Promise<void> | null = null;
  private loading: Promise<void> = Promise.resolve();

  constructor(
    private readonly board: MatchBoard,
    private readonly feed: BroadcastFeed,
    private readonly options: ResolvedBroadcastOptions,
    private readonly scheduler: Scheduler,
    private readonly clock: Clock,
    @Optional() private readonly store?: BoardStore,
    @Optional() @Inject(MatchRouter) private readonly router?: Pick<MatchRouter, 'active'>,
  ) {
    const perf = { now: () => scheduler.monotonicMs() };
    this.absent = new LRUCache({ max: MOST_ABSENT, ttl: ABSENT_FOR_MS, ttlResolution: 0, perf });
  }

  onApplicationBootstrap(): void {
    const { store } = this;
    if (!store) return;
    this.life.start(() => [
      this.feed.staleDetails$.subscribe((matchId) => this.refresh(matchId)),
      this.feed.news$.subscribe((news) => {
        for (const { entry } of news) if (entry && !entry.isComplete) this.refresh(entry.matchId);
      }),
    ]);
    if (this.isIdle) this.loadOnceActive(store);
    else this.loading = this.loadCurrent(store);
  }

  onApplicationShutdown(): void {
    this.life.stop();
  }

  /** The current matches were read, or never will be. */
  get loaded(): Promise<void> {
    return this.loading;
  }

  /** @returns false when the current matches are not known yet after `waitMs` */
  async ready(waitMs: number): Promise<boolean> {
    return (
      (await within(
        this.loading.then(() => true),
        waitMs,
        this.scheduler,
      )) ?? false
    );
  }

  /**
   * Reads those of the matches that the board does not know.
   * @returns false when they could not be read within `waitMs`
   */
  async want(matchIds: readonly string[], waitMs: number): Promise<boolean> {
    if (!this.store || this.isIdle) return true;
    const untilMs = this.scheduler.monotonicMs() + waitMs;
    const missing = matchIds.filter((id) => this.isMissing(id));
    if (!this.waiting.want(missing.filter((id) => !this.asked.has(id)))) return false;
    for (let at = 0; ; ) {
      while (at < missing.length && !this.isMissing(missing[at]!)) at += 1;
      if (at === missing.length) return true;
      const leftMs = untilMs - this.scheduler.monotonicMs();
      if (leftMs <= 0 || this.life.stopped) return false;
      // those of a statement that failed are asked for once more
      if (!this.waiting.has(missing[at]!) && !this.asked.has(missing[at]!)) this.waiting.want(missing.slice(at));
      await within(this.work(), leftMs, this.scheduler);
    }
  }

  /** While every match goes the legacy way the platform's table is left alone, even for reading. */
  private get isIdle(): boolean {
    return this.router?.active === false;
  }

  private loadOnceActive(store: BoardStore): void {
    const cancel = this.scheduler.every(LOOK_EVERY_MS, () => {
      if (this.isIdle) return;
      cancel();
      this.loading = this.loadCurrent(store);
    });
    this.life.own(cancel);
  }

  private isMissing(matchId: string): boolean {
    return !this.board.peek(matchId)?.isComplete && !this.absent.has(matchId);
  }

  /** What stands beside the versions of the match changed. */
  refresh(matchId: string): void {
    if (this.isIdle) return;
    this.waiting.changed(matchId);
    void this.work();
  }

  /** One statement after the other, as long as somebody waits. */
  private work(): Promise<void> {
    this.underWay ??= this.turn().finally(() => {
      this.underWay = null;
      if (!this.life.stopped && !this.waiting.areNone) void this.work();
    });
    return this.underWay;
  }

  private async turn(): Promise<void> {
    await this.rest(this.waiting.areWanted ? GATHER_MS : REFRESH_MS);
    this.asked = this.waiting.next();
    const ids = [...this.asked];
    if (this.life.stopped || !this.store || ids.length === 0) return;
    try {
      const rows = await within(this.store.load(ids), MOST_LOAD_MS, this.scheduler);
      if (this.life.stopped) return;
      if (!rows) throw new Error(`No answer within ${MOST_LOAD_MS} ms`);
      this.take(rows, ids);
    } catch (error) {
      this.failures.warn({ error: reasonOf(error) });
      for (const id of ids) if (this.board.get(id)) this.waiting.changed(id);
      await this.rest(RETRY.firstMs);
    } finally {
      this.asked = new Set();
    }
  }

  private take(rows: readonly BoardRow[], ids: readonly string[]): void {
    const nowMs = this.clock.nowMs();
    const taken = rows.map((row) => this.board.takeRow(rowTaken(row), Math.max(0, nowMs - row.receivedAtMs)));
    const found = new Set(rows.map(({ state }) => state.matchId));
    for (const id of ids) {
      if (found.has(id)) this.absent.delete(id);
      else this.absent.set(id, true);
    }
    this.feed.tellDetails(taken);
  }

  private async loadCurrent(store: BoardStore): Promise<void> {
    const { currentForMs, maxMatches } = this.options;
    // before the migrations there is nothing to serve, and readiness says so
    const failed = (error: unknown): void => {
      if (!lacksSchema(error)) this.failures.warn({ error: reasonOf(error) });
    };
    const { scheduler } = this;
    const { signal } = this.life;
    try {
      await retry({ policy: RETRY, scheduler, signal, failed }, async () => {
        const rows = await store.current(currentForMs, maxMatches);
        if (!signal.aborted) this.take(rows, []);
      });
    } catch (error) {
      if (!signal.aborted) failed(error);
    }
  }

  /** Over at the stop. */
  private async rest(waitMs: number): Promise<void> {
    await pause(waitMs, this.scheduler, this.life.signal).catch(() => undefined);
  }
}
