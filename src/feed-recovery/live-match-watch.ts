import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit, Optional } from '@nestjs/common';
import { type Committed, CommittedChanges } from '../contracts/committed-changes.js';
import { MatchRouter } from '../contracts/match-router.js';
import { isLive } from '../domain/match-status.js';
import { Clock } from '../kernel/clock.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
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
  /** match → last push as stored, unix ms */
  private readonly live = new Map<string, number | null>();
  private readonly life = new Lifecycle();
  private readonly poller: Poller;
  private readAtMs: number | null = null;

  constructor(
    private readonly clock: Clock,
    scheduler: Scheduler,
    private readonly changes: CommittedChanges,
    @Optional() private readonly activity: MatchActivity = NOTHING_HEARD,
    private readonly matches: LiveMatches,
    @Optional() @Inject(MatchRouter) private readonly router?: Pick<MatchRouter, 'active'>,
  ) {
    const warning = new SampledWarning(new Logger(LiveMatchWatch.name), 'The live matches could not be read');
    this.poller = new Poller(scheduler, { everyMs: PERIOD_MS, turn: () => this.read(), warning });
  }

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
    this.life.start(() =>
      this.changes.batches$.subscribe((batch) => {
        for (const change of batch) this.committed(change);
      }),
    );
  }

  onModuleDestroy(): void {
    this.stop();
    this.life.stop();
  }

  /** Reads now, and from now on every 10 s. */
  start(): void {
    if (this.poller.started) return;
    this.poller.start();
    void this.poller.run();
  }

  /** Reads no more and forgets: somebody else takes the feed. */
  stop(): void {
    void this.poller.stop();
    this.forget();
  }

  private forget(): void {
    this.readAtMs = null;
    this.live.clear();
  }

  private async read(): Promise<void> {
    if (this.router?.active === false) {
      this.forget();
      return;
    }
    const found = await this.matches.list(MOST_MATCHES);
    if (!this.poller.started) return;
    this.live.clear();
    for (const { matchId, seenAtMs } of found) this.live.set(matchId, seenAtMs);
    this.readAtMs = this.clock.nowMs();
  }

  private committed(change: Committed): void {
    if (!this.poller.started || change.kind !== 'score' || change.before.status === change.after.status) return;
    const { matchId, after } = change;
    if (!isLive(after.status)) this.live.delete(matchId);
    else if (!this.live.has(matchId) && this.live.size < MOST_MATCHES) this.live.set(matchId, null);
  }
}
