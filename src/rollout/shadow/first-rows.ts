import { Logger } from '@nestjs/common';
import type { MatchState } from '../../domain/match-state.js';
import { Backoff } from '../../kernel/backoff.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import type { Scheduler } from '../../kernel/scheduler.js';
import { classify } from '../../postgres/sql-state.js';
import type { ScoreStore } from '../../score-writer/ports/score-store.js';
import type { OpenGoal, ShadowStore } from '../ports/shadow-store.js';

const MAX_ROWS = 500;

/** A row as the comparison begins with it, and the goals it still lacked. */
export interface FirstRow {
  readonly state: MatchState;
  readonly openGoals: readonly OpenGoal[];
}

/**
 * Rows of matches seen for the first time: one batch in flight, everything asked for meanwhile goes into the next. A
 * batch that fails is tried again with growing pauses; one that the database refuses for an id in it, match by match.
 */
export class FirstRows {
  private readonly silence = new SampledWarning(new Logger('Shadow'), 'Rows for the comparison could not be read');
  private readonly backoff: Backoff;
  private readonly wanted = new Set<string>();
  private loading = false;
  private stopped = false;

  /** @param loaded called once per match; null: it has no row */
  constructor(
    private readonly scores: ScoreStore,
    private readonly shadows: ShadowStore,
    scheduler: Scheduler,
    private readonly loaded: (matchId: string, row: FirstRow | null) => void,
  ) {
    this.backoff = new Backoff(scheduler, { firstMs: 100, maxMs: 5_000 });
  }

  request(matchId: string): void {
    if (this.stopped) return;
    this.wanted.add(matchId);
    if (this.loading) return;
    this.loading = true;
    queueMicrotask(() => void this.next());
  }

  drop(matchId: string): void {
    this.wanted.delete(matchId);
  }

  stop(): void {
    this.stopped = true;
    this.wanted.clear();
    this.backoff.stop();
  }

  private async next(): Promise<void> {
    const batch = [...this.wanted].slice(0, MAX_ROWS);
    if (batch.length === 0 || this.stopped) {
      this.loading = false;
      return;
    }
    try {
      await this.load(batch);
      this.backoff.reset();
      await this.next();
    } catch (error) {
      this.silence.warn({ matches: batch.length, error: String(error) });
      this.backoff.wait(() => void this.next());
    }
  }

  private async load(batch: readonly string[]): Promise<void> {
    try {
      const rows = await this.scores.load(batch);
      const goals = await this.shadows.openGoals(batch);
      for (const matchId of batch) {
        const state = rows.get(matchId);
        this.answer(matchId, state ? { state, openGoals: goals.filter((goal) => goal.matchId === matchId) } : null);
      }
    } catch (error) {
      if (classify(error) !== 'permanent') throw error;
      const [only] = batch;
      if (batch.length === 1 && only !== undefined) this.answer(only, null);
      else for (const matchId of batch) await this.load([matchId]);
    }
  }

  private answer(matchId: string, row: FirstRow | null): void {
    if (this.wanted.delete(matchId)) this.loaded(matchId, row);
  }
}
