import { Inject, Injectable, Logger, type OnModuleDestroy, Optional } from '@nestjs/common';
import { IngestLease } from '../contracts/ingest-lease.js';
import { FeedMonitor } from '../feed-recovery/feed-monitor.service.js';
import { Clock } from '../kernel/clock.js';
import { structuredEvent } from '../kernel/structured-event.js';
import { type DatabaseFacts, DatabaseProbe } from './database-probe.js';
import { ResolvedHealthOptions } from './health.options.js';

/** What `GET /ready` answers: 200 when `ok`, else 503. */
export interface ReadinessReport {
  readonly ok: boolean;
  readonly service: string;
  /** whole seconds since the process started */
  readonly uptime_s: number;
  readonly db: DatabaseFacts;
  /** for information: a feed that is down makes no host unready. Absent without the recovery module */
  readonly feed?: { readonly state: 'down' | 'recovering' | 'live' | 'delayed' };
  /** another process takes the feed, this one serves; absent where everybody may take it */
  readonly standby?: boolean;
  /** the application is shutting down */
  readonly draining: boolean;
  readonly time: {
    /** unix seconds */
    readonly now: number;
  };
}

/** Can this process serve? Not while the database is away or takes no scores, nor while the application ends. */
@Injectable()
export class Readiness implements OnModuleDestroy {
  private readonly logger = new Logger(Readiness.name);
  private draining = false;
  private wasOk = true;

  constructor(
    private readonly options: ResolvedHealthOptions,
    private readonly clock: Clock,
    private readonly database: DatabaseProbe,
    @Optional() @Inject(FeedMonitor) private readonly monitor?: FeedMonitor,
    @Optional() @Inject(IngestLease) private readonly lease?: IngestLease,
  ) {}

  onModuleDestroy(): void {
    this.draining = true;
  }

  async report(): Promise<ReadinessReport> {
    const db = await this.database.check();
    this.note(db);
    return {
      ok: db.ok && !this.draining,
      service: this.options.service,
      uptime_s: Math.floor(process.uptime()),
      db,
      ...(this.monitor && { feed: { state: this.monitor.state } }),
      ...(this.lease && { standby: this.lease.term === null }),
      draining: this.draining,
      time: { now: Math.floor(this.clock.nowMs() / 1000) },
    };
  }

  /** One line when it turns, however often somebody asks. */
  private note(db: DatabaseFacts): void {
    if (db.ok === this.wasOk) return;
    this.wasOk = db.ok;
    if (db.ok) this.logger.log(structuredEvent('health.ready.recovered', {}, this.clock));
    else {
      const fields = { level: 'warn', error: db.error } as const;
      this.logger.warn(structuredEvent('health.ready.db_failed', fields, this.clock));
    }
  }
}
