import { Injectable, type OnModuleDestroy, type OnModuleInit, Optional } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { type Committed, CommittedChanges, type ScoreCommitted } from '../contracts/committed-changes.js';
import { MatchRouter } from '../contracts/match-router.js';
import type { MatchEvent } from '../domain/match-event.js';
import type { MatchState } from '../domain/match-state.js';
import { sameSlots } from '../domain/score.js';
import { Clock } from '../kernel/clock.js';
import { Scheduler } from '../kernel/scheduler.js';
import { MatchStates } from '../score-writer/ports/match-states.js';
import { ScoreStore } from '../score-writer/ports/score-store.js';

/** A program writes first and tells its clients afterwards: what it tells then must not be the last word. */
const ONCE_MORE_MS = 2_000;
/** A row that is about to be written again is told afterwards. */
const PATIENCE_MS = 500;
const ATTEMPTS = 20;
const MOST_MATCHES = 2_000;

interface Due {
  readonly atMs: number;
  readonly attempts: number;
}

/**
 * Tells clients the true row of a match, with its version, after somebody else wrote it or tried to: on a `/ws` that both
 * use they heard what is not true. At once after a write that was held off, and always once more two seconds later.
 */
@Injectable()
export class TrueRows implements OnModuleInit, OnModuleDestroy {
  /** when each match is told next, by the scheduler's monotonic clock */
  private readonly due = new Map<string, readonly Due[]>();
  private subscription: Subscription | undefined;
  private isTelling = false;

  constructor(
    private readonly store: ScoreStore,
    private readonly states: MatchStates,
    private readonly changes: CommittedChanges,
    private readonly scheduler: Scheduler,
    private readonly clock: Clock,
    @Optional() private readonly router?: MatchRouter,
  ) {}

  onModuleInit(): void {
    this.subscription ??= this.changes.batches$.subscribe((batch) => this.follow(batch));
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }

  /** Somebody tried to write the row, and tells clients so. */
  heldOff(matchId: string): void {
    this.plan(matchId, [0, ONCE_MORE_MS]);
  }

  /** Tells what is due. @throws the store's error */
  async tell(): Promise<void> {
    const nowMs = this.scheduler.monotonicMs();
    const matchIds = [...this.due].filter(([, times]) => times.some(({ atMs }) => atMs <= nowMs)).map(([id]) => id);
    if (matchIds.length === 0) return;
    const rows = await this.store.load(matchIds);
    const told: ScoreCommitted[] = [];
    for (const matchId of matchIds) {
      const attempts = this.takeDue(matchId, nowMs);
      const row = rows.get(matchId);
      if (!row || (this.router?.routeOf(matchId) ?? 'direct') !== 'direct') continue;
      const truth = this.truthOf(row);
      if (truth) told.push(asTold(truth, this.clock.nowMs()));
      else if (attempts < ATTEMPTS) this.plan(matchId, [PATIENCE_MS], attempts + 1);
    }
    this.publish(told);
  }

  private follow(batch: readonly Committed[]): void {
    if (this.isTelling) return;
    for (const change of batch) {
      if (change.kind === 'score' && change.source === 'foreign') this.plan(change.matchId, [ONCE_MORE_MS]);
    }
  }

  private plan(matchId: string, delaysMs: readonly number[], attempts = 0): void {
    const nowMs = this.scheduler.monotonicMs();
    const times = this.due.get(matchId) ?? [];
    if (times.length === 0 && this.due.size >= MOST_MATCHES) return;
    const added = delaysMs.map((delayMs) => ({ atMs: nowMs + delayMs, attempts }));
    const last = Math.max(...added.map(({ atMs }) => atMs));
    // one of each kind is enough: one that is due, and the newest of those to come
    const due = times.filter(({ atMs }) => atMs <= nowMs).slice(0, 1);
    const later = times.filter(({ atMs }) => atMs > last).slice(-1);
    this.due.set(matchId, [...due, ...added, ...later]);
  }

  /** @returns how often the match was looked at in vain */
  private takeDue(matchId: string, nowMs: number): number {
    const times = this.due.get(matchId) ?? [];
    const later = times.filter(({ atMs }) => atMs > nowMs);
    if (later.length > 0) this.due.set(matchId, later);
    else this.due.delete(matchId);
    return Math.max(0, ...times.filter(({ atMs }) => atMs <= nowMs).map(({ attempts }) => attempts));
  }

  /** What the writer believes, where the row says the same; null while one of them is about to change. */
  private truthOf(row: MatchState): MatchState | null {
    const believed = this.states.peek(row.matchId);
    if (!believed) return row.torn ? null : row;
    const isSettled =
      row.version === believed.version &&
      row.status === believed.status &&
      !row.torn &&
      sameSlots(row.home, believed.home) &&
      sameSlots(row.away, believed.away);
    return isSettled ? believed : null;
  }

  private publish(changes: readonly ScoreCommitted[]): void {
    if (changes.length === 0) return;
    this.isTelling = true;
    try {
      this.changes.publish(changes);
    } finally {
      this.isTelling = false;
    }
  }
}

/** State and score, whatever clients think they are. */
function asTold(row: MatchState, nowMs: number): ScoreCommitted {
  const { matchId, epoch, version, status, shown } = row;
  const events: readonly MatchEvent[] = [
    { type: 'state-changed', from: status, to: status },
    { type: 'score-changed', homeScore: shown.home, awayScore: shown.away },
  ];
  const at = { receivedAtMs: nowMs, committedAtMs: nowMs };
  return {
    kind: 'score',
    matchId,
    epoch,
    version,
    source: 'foreign',
    before: row,
    after: row,
    events,
    catchUp: false,
    ...at,
  };
}
