import { Injectable, Optional } from '@nestjs/common';
import { MatchRouter } from '../contracts/match-router.js';
import { isLive } from '../domain/match-status.js';
import { Scheduler } from '../kernel/scheduler.js';
import { MatchStates } from '../score-writer/ports/match-states.js';
import { ResolvedScoreWriterOptions } from '../score-writer/score-writer.options.js';
import { ForeignWriteStore } from './ports/foreign-write-store.js';

/** Rows whose score does not change are protected again long before it ends. */
const RENEWALS_PER_TERM = 4;

/** Keeps the rows of live matches on the direct path protected, four times per term, in mode protect. */
@Injectable()
export class ProtectedRows {
  private renewAtMs = Number.NEGATIVE_INFINITY;
  /** rows that an earlier process protected were looked for */
  private swept = false;

  constructor(
    private readonly options: ResolvedScoreWriterOptions,
    private readonly store: ForeignWriteStore,
    private readonly states: MatchStates,
    private readonly scheduler: Scheduler,
    @Optional() private readonly router?: MatchRouter,
  ) {}

  get protectMs(): number {
    return this.options.protectMs;
  }

  /** Nothing is protected any more, or by somebody else. */
  startOver(): void {
    this.swept = false;
    this.renewAtMs = Number.NEGATIVE_INFINITY;
  }

  /** Protects them, when it is time; what an earlier process left protected is let go first. */
  async renew(): Promise<void> {
    if (!this.swept) await this.letGo();
    this.swept = true;
    const nowMs = this.scheduler.monotonicMs();
    if (nowMs < this.renewAtMs) return;
    const ours = this.states.held().filter((matchId) => this.isFollowed(matchId));
    if (ours.length > 0) await this.store.protect(ours, this.options.protectMs);
    this.renewAtMs = nowMs + this.options.protectMs / RENEWALS_PER_TERM;
  }

  /** What a process that was killed left protected must not keep the legacy path from writing. */
  private async letGo(): Promise<void> {
    if (!this.router) return;
    const others = (await this.store.protectedMatches()).filter((id) => this.router?.routeOf(id) !== 'direct');
    if (others.length > 0) await this.store.unprotect(others);
  }

  private isFollowed(matchId: string): boolean {
    const state = this.states.peek(matchId);
    return state !== null && isLive(state.status) && (this.router?.routeOf(matchId) ?? 'direct') === 'direct';
  }
}
