import type { RunCounts, RunVerdict } from '../../domain/sync/run-facts.js';
import { isRunning, isStale, type SyncRow, type WishKind } from '../../sync/ports/sync-desk.js';

/** How a run ended that was asked for. */
export interface EndedRun {
  readonly entity: string;
  readonly kind: WishKind | null;
  /** `lost`: the run is over, and nobody said how it ended */
  readonly verdict: RunVerdict | 'lost';
  readonly counts: Readonly<RunCounts>;
  readonly error: string | null;
  /** null when its begin was never seen */
  readonly tookMs: number | null;
  readonly diff: unknown;
}

/**
 * Why a run was not followed to its end. `untaken`: no host took the wish, and it is taken back; `stalled`: a run is under way
 * whose host is gone, and nobody takes it over; `withdrawn`: somebody else took the wish back, or replaced it.
 */
export type Unseen = 'untaken' | 'stalled' | 'withdrawn' | 'timeout';

export type WatchState =
  /** a run that others asked for, or its wish, is in the way */
  | { readonly at: 'before' }
  /** nothing is in the way: it can be asked for */
  | { readonly at: 'free'; readonly after: EndedRun | null }
  | { readonly at: 'asked' }
  | { readonly at: 'running' }
  | { readonly at: 'ended'; readonly run: EndedRun }
  | { readonly at: 'unseen'; readonly why: Unseen };

/**
 * What becomes of one wish, as the rows tell it.
 *
 * before → free when the run of others has ended; free → asked when the wish is written; asked → running when a host takes it,
 * → ended when it was quick, → unseen when the wish is gone without a run; running → ended with a verdict, or lost. A run that another instance takes
 * over, since its own has died, is the same run.
 */
export class RunWatch {
  private state: WatchState = { at: 'free', after: null };
  /** what ended later than that ended under our eyes, unix ms by the database */
  private sinceMs = 0;
  private startedAtMs: number | null = null;
  private wishAtMs = 0;

  constructor(readonly entity: string) {}

  get now(): WatchState {
    return this.state;
  }

  get isOver(): boolean {
    return this.state.at === 'ended' || this.state.at === 'unseen';
  }

  /** When the wish was written, unix ms by the database. */
  get wishedAtMs(): number {
    return this.wishAtMs;
  }

  /** Something of others is in the way: it is waited for. */
  waitsFor({ startedAtMs, wantedAtMs, runId }: SyncRow): void {
    this.sinceMs = (runId === null ? wantedAtMs : startedAtMs) ?? 0;
    this.startedAtMs = runId === null ? null : startedAtMs;
    this.state = { at: 'before' };
  }

  asked(wishedAtMs: number): void {
    this.sinceMs = wishedAtMs;
    this.wishAtMs = wishedAtMs;
    this.startedAtMs = null;
    this.state = { at: 'asked' };
  }

  givesUp(why: Unseen): void {
    this.state = { at: 'unseen', why };
  }

  /** @returns whether a host works at it: has taken the run, and shows that it lives */
  look(row: SyncRow): boolean {
    if (this.isOver || this.state.at === 'free') return false;
    this.state = this.next(row, this.state);
    if (this.state.at !== 'asked' && isRunning(row)) this.startedAtMs ??= row.startedAtMs;
    return isRunning(row) && !isStale(row);
  }

  private next(row: SyncRow, state: WatchState): WatchState {
    if (state.at === 'before') return this.nextBefore(row, state);
    if (state.at === 'asked' && (this.isOurs(row) || isRunning(row))) return this.nextAsked(row, state);
    if (this.hasEnded(row)) return { at: 'ended', run: this.endOf(row) };
    if (isRunning(row)) return { at: 'running' };
    if (state.at === 'running') return { at: 'ended', run: { ...this.endOf(row), verdict: 'lost' } };
    return { at: 'unseen', why: 'withdrawn' };
  }

  /** Between the wish and its run another one may begin and end on schedule: its end is none of ours. */
  private nextAsked(row: SyncRow, asked: WatchState): WatchState {
    const isTaken = !this.isOurs(row);
    this.sinceMs = Math.max(this.sinceMs, (isTaken ? row.startedAtMs : row.finishedAtMs) ?? 0);
    return isTaken ? { at: 'running' } : asked;
  }

  private nextBefore(row: SyncRow, before: WatchState): WatchState {
    if (!isRunning(row) && row.wanted !== null) return before;
    if (this.hasEnded(row)) return { at: 'free', after: this.endOf(row) };
    return isRunning(row) ? before : { at: 'free', after: null };
  }

  private hasEnded({ finishedAtMs }: SyncRow): boolean {
    return (finishedAtMs ?? 0) > this.sinceMs;
  }

  /** Two clients never ask in the same microsecond; a double holds no finer time. */
  private isOurs({ wanted, wantedAtMs }: SyncRow): boolean {
    return wanted !== null && Math.abs((wantedAtMs ?? 0) - this.wishAtMs) < 0.01;
  }

  private endOf(row: SyncRow): EndedRun {
    const { entity, kind, verdict, counts, error, diff } = row;
    const startedAtMs = this.startedAtMs ?? row.startedAtMs;
    const tookMs = startedAtMs === null || row.finishedAtMs === null ? null : row.finishedAtMs - startedAtMs;
    return { entity, kind, verdict: verdict ?? 'lost', counts, error, tookMs, diff };
  }
}
