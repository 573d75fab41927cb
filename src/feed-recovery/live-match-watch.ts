import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit, Optional } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { type Committed, CommittedChanges } from '../contracts/committed-changes.js';
import { MatchRouter } from '../contracts/match-router.js';
import { isLive } from '../domain/match-status.js';
import { Clock } from '../kernel/clock.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { MatchActivity, NOTHING_HEARD } from '../mqtt-ingest/ports/match-activity.js';
import { LiveMatches } from './ports/live-matches.js';

const PERIOD_MS = 10_000;
const MOST_MATCHES = 5_000;

/**
 * Which matches are being played: read from the database every 10 s while this process takes the feed, and kept up to
 * date by the commits in between. A database that is away leaves the list as it was. While every match is on the legacy
 * path nothing is read, and nothing is known.
 */
@Injectable()
export class LiveMatchWatch implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(LiveMatchWatch.name);
  /** match → last push as stored, unix ms */
  private readonly live = new Map<string, number | null>();
  private subscription: Subscription | null = null;
  private cancel: Cancel | null = null;
  private reading = false;
  private readAtMs: number | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly changes: CommittedChanges,
    @Optional() private readonly activity: MatchActivity = NOTHING_HEARD,
    private readonly matches: LiveMatches,
    @Optional() @Inject(MatchRouter) private readonly router?: Pick<MatchRouter, 'active'>,
  ) {}

  /** our clock, unix ms; null when nothing has been read yet */
  get lastReadAtMs(): number | null {
    return this.readAtMs;
  }

  get matchIds(): Iterable<string> {
    return this.live.keys();
  }

  get count(): number {
    return this.live.size;
  }

  has(matchId: string): boolean {
    return this.live.has(matchId);
  }

  /** When the feed last said anything about the match, this process or one before; unix ms, null when never. */
  lastPushAtMs(matchId: string): number | null {
    const stored = this.live.get(matchId) ?? null;
    const heard = this.activity.lastPushAtMs(matchId);
    return stored !== null && heard !== null ? Math.max(stored, heard) : (heard ?? stored);
  }

  /** Has the feed ever said anything about one of them? */
  get heardOfAny(): boolean {
    for (const matchId of this.live.keys()) if (this.lastPushAtMs(matchId) !== null) return true;
    return false;
  }

  onModuleInit(): void {
    this.subscription = this.changes.batches$.subscribe((batch) => {
      for (const change of batch) this.committed(change);
    });
  }

  onModuleDestroy(): void {
    this.stop();
    this.subscription?.unsubscribe();
  }

  /** Reads now, and from now on every 10 s. */
  start(): void {
    if (this.cancel) return;
    this.cancel = this.scheduler.every(PERIOD_MS, () => void this.read());
    void this.read();
  }

  /** Reads no more and forgets: somebody else takes the feed. */
  stop(): void {
    this.cancel?.();
    this.cancel = null;
    this.forget();
  }

  private forget(): void {
    this.readAtMs = null;
    this.live.clear();
  }

  private async read(): Promise<void> {
    if (this.reading) return;
    if (this.router?.active === false) {
      this.forget();
      return;
    }
    this.reading = true;
    try {
      const found = await this.matches.list(MOST_MATCHES);
      if (!this.cancel) return;
      this.live.clear();
      for (const { matchId, seenAtMs } of found) this.live.set(matchId, seenAtMs);
      this.readAtMs = this.clock.nowMs();
    } catch (error) {
      this.logger.debug('Reading the live matches failed', { error });
    } finally {
      this.reading = false;
    }
  }

  private committed(change: Committed): void {
    if (!this.cancel || change.kind !== 'score' || change.before.status === change.after.status) return;
    const { matchId, after } = change;
    if (!isLive(after.status)) this.live.delete(matchId);
    else if (!this.live.has(matchId) && this.live.size < MOST_MATCHES) this.live.set(matchId, null);
  }
}
