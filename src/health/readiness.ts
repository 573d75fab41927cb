import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { DatabaseFacts, ReadinessFacts } from '../contracts/health-facts.js';
import { Clock } from '../kernel/clock.js';
import { structuredEvent } from '../kernel/structured-event.js';
import { CollectedProbes } from './collected-probes.js';
import { ResolvedHealthOptions } from './health.options.js';

const WELL: DatabaseFacts = { ok: true };

/** What `GET /ready` answers: 200 when `ok`, else 503. */
export interface ReadinessReport extends Pick<ReadinessFacts, 'feed' | 'standby'> {
  readonly ok: boolean;
  readonly service: string;
  /** whole seconds since the process started */
  readonly uptime_s: number;
  readonly db: DatabaseFacts;
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
    private readonly probes: CollectedProbes,
  ) {}

  onModuleDestroy(): void {
    this.draining = true;
  }

  async report(): Promise<ReadinessReport> {
    const { feed, standby, ...facts } = await this.probes.ready();
    const db = databaseOf(facts);
    this.note(db);
    return {
      ok: db.ok && !this.draining,
      service: this.options.service,
      uptime_s: Math.floor(process.uptime()),
      db,
      ...(feed && { feed }),
      ...(standby !== undefined && { standby }),
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

/** A database that answers and takes no scores is not well, either. */
function databaseOf({ db = WELL, writes = WELL }: ReadinessFacts): DatabaseFacts {
  return db.ok ? writes : db;
}
