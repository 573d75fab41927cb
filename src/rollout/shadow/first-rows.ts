import { Logger } from '@nestjs/common';
import type { MatchState } from '../../domain/match-state.js';
import { logFields } from '../../kernel/log-fields.js';
import type { Scheduler } from '../../kernel/scheduler.js';
import { StatementQueue, type StatementWork } from '../../kernel/statement-queue.js';
import { isPermanent } from '../../postgres/sql-state.js';
import type { ScoreStore } from '../../score-writer/ports/score-store.js';
import type { OpenGoal, ShadowStore } from '../ports/shadow-store.js';

const POLICY = { most: 500, retry: { firstMs: 100, maxMs: 5_000 }, isPermanent };

/** A row as the comparison begins with it, and the goals it still lacked. */
export interface FirstRow {
  readonly state: MatchState;
  readonly openGoals: readonly OpenGoal[];
}

/** Rows of matches seen for the first time: those asked for in one turn go with one query, the later ones with the next. */
export class FirstRows implements StatementWork<string> {
  private readonly logger = new Logger('Shadow');
  private readonly wanted = new Set<string>();
  private readonly queue: StatementQueue<string>;

  /** @param loaded called once per match; null: it has no row */
  constructor(
    private readonly scores: ScoreStore,
    private readonly shadows: ShadowStore,
    scheduler: Scheduler,
    private readonly loaded: (matchId: string, row: FirstRow | null) => void,
  ) {
    this.queue = new StatementQueue(this, POLICY, scheduler);
  }

  request(matchId: string): void {
    if (this.queue.mode === 'stopped') return;
    this.wanted.add(matchId);
    if (this.queue.mode === 'idle') queueMicrotask(() => this.queue.wake());
  }

  drop(matchId: string): void {
    this.wanted.delete(matchId);
  }

  stop(): void {
    this.queue.stop();
    this.wanted.clear();
  }

  /** They stay wanted until they are answered. */
  take(most: number): readonly string[] | null {
    return this.wanted.size > 0 ? [...this.wanted].slice(0, most) : null;
  }

  async send(batch: readonly string[]): Promise<readonly string[]> {
    const rows = await this.scores.load(batch);
    const goals = await this.shadows.openGoals(batch);
    for (const matchId of batch) {
      const state = rows.get(matchId);
      this.answer(matchId, state ? { state, openGoals: goals.filter((goal) => goal.matchId === matchId) } : null);
    }
    return [];
  }

  giveBack(): boolean {
    return this.wanted.size > 0;
  }

  /** No row can have such an id. */
  giveUp(matchId: string): void {
    this.answer(matchId, null);
  }

  outageBegan(error: unknown): void {
    this.logger.warn('Rows for the comparison could not be read', logFields({ matches: this.wanted.size, error }));
  }

  outageOver(): void {
    this.logger.log('Rows for the comparison are read again', { matches: this.wanted.size });
  }

  private answer(matchId: string, row: FirstRow | null): void {
    if (this.wanted.delete(matchId)) this.loaded(matchId, row);
  }
}
