import { pause } from '../../kernel/deadline.js';
import type { Scheduler } from '../../kernel/scheduler.js';
import type { SyncDesk, Wish } from '../../sync/ports/sync-desk.js';
import { isRunning, type SyncRow } from '../../sync/ports/sync-desk.js';
import type { RunReport } from './run-report.js';
import { RunWatch, type Unseen } from './run-watch.js';

const LOOK_EVERY_MS = 500;
/** Hosts look every second: who has not taken a wish by then is not there. */
const PATIENCE_MS = 10_000;
/** A host that starts again takes over what it left. */
const TAKEOVER_PATIENCE_MS = 60_000;

export interface Following {
  readonly store: SyncDesk;
  readonly scheduler: Scheduler;
  readonly report: RunReport;
  readonly wish: Wish;
  /** for all of it */
  readonly timeoutMs: number;
}

/** Asks for runs and follows them to their ends. What is under way is followed first, and then asked for. */
export class RunFollower {
  constructor(private readonly following: Following) {}

  /** @returns what became of each, in the order of the names; none of them is open any more */
  async follow(names: readonly string[]): Promise<readonly RunWatch[]> {
    const { store, scheduler, report, timeoutMs } = this.following;
    const watches = names.map((name) => new RunWatch(name));
    const untilMs = scheduler.monotonicMs() + timeoutMs;
    let aliveMs = scheduler.monotonicMs();
    for (;;) {
      const open = watches.filter(({ isOver }) => !isOver);
      if (open.length === 0) return watches;
      const rows = await store.rows(open.map(({ entity }) => entity));
      const isAlive = await this.turn(open, rows);
      report.progress(rows);
      const nowMs = scheduler.monotonicMs();
      if (isAlive) aliveMs = nowMs;
      if (nowMs >= untilMs) await this.giveUp(open, 'timeout');
      else await this.giveUpUntaken(open, nowMs - aliveMs);
      for (const watch of open) if (watch.isOver) report.over(watch);
      if (open.some(({ isOver }) => !isOver)) await pause(LOOK_EVERY_MS, scheduler);
    }
  }

  /** @returns whether a host works at one of them */
  private async turn(open: readonly RunWatch[], rows: readonly SyncRow[]): Promise<boolean> {
    let isAlive = false;
    for (const watch of open) {
      const row = rows.find(({ entity }) => entity === watch.entity);
      if (row && (await this.look(watch, row))) isAlive = true;
    }
    return isAlive;
  }

  private async look(watch: RunWatch, row: SyncRow): Promise<boolean> {
    const { report, wish, store } = this.following;
    if (watch.now.at === 'free' && (isRunning(row) || row.wanted !== null)) {
      watch.waitsFor(row);
      report.waits(row);
    }
    const isAlive = watch.look(row);
    const { now } = watch;
    if (now.at === 'free' && now.after) report.endedBefore(now.after);
    if (isRunning(row) || !(now.at === 'free' || now.at === 'before')) return isAlive;
    const wishedAtMs = await store.ask(watch.entity, wish, 'between-runs');
    if (wishedAtMs !== null) watch.asked(wishedAtMs);
    return isAlive;
  }

  private async giveUpUntaken(open: readonly RunWatch[], silentMs: number): Promise<void> {
    const isUntaken = ({ now }: RunWatch) => silentMs >= PATIENCE_MS && now.at === 'asked';
    await this.giveUp(open.filter(isUntaken), 'untaken');
    if (silentMs >= TAKEOVER_PATIENCE_MS) await this.giveUp(open, 'stalled');
  }

  /** A wish that a host takes at this very moment is followed on. */
  private async giveUp(open: readonly RunWatch[], why: Unseen): Promise<void> {
    const { store, wish } = this.following;
    for (const watch of open) {
      if (watch.isOver) continue;
      const isSettled = watch.now.at !== 'asked' || (await store.takeBack(watch.entity, watch.wishedAtMs, wish.by));
      if (isSettled) watch.givesUp(why);
    }
  }
}
