import { Injectable, Logger, type OnModuleDestroy, Optional } from '@nestjs/common';
import type { DatabaseFacts, ReadinessFacts } from '../contracts/health-facts.js';
import { Clock } from '../kernel/clock.js';
import { EventLog } from '../kernel/event-log.js';
import { CollectedProbes } from './collected-probes.js';
import { ResolvedHealthOptions } from './health.options.js';
import { type CheckState, HostChecks } from './ports/host-checks.js';

const WELL: DatabaseFacts = { ok: true };

/** This body is what `GET /ready` answers: 200 when `ok`, else 503. */
export interface ReadinessReport extends Pick<ReadinessFacts, 'feed' | 'standby'> {
  readonly ok: boolean;
  readonly service: string;
  /** whole seconds since the process started */
  readonly uptime_s: number;
  readonly db: DatabaseFacts;
  /** the host's own checks by name; absent where it has none */
  readonly checks?: Readonly<Record<string, CheckState>>;
  /** the application is shutting down */
  readonly draining: boolean;
  readonly time: {
    /** unix seconds */
    readonly now: number;
  };
}

/**
 * The service says whether this process can serve. Not while the database is away or takes no scores, nor while a check
 * of the host's own fails, nor while the application ends.
 */
@Injectable()
export class Readiness implements OnModuleDestroy {
  private readonly logger = new Logger(Readiness.name);
  private draining = false;
  private wasDatabaseOk = true;
  private failedChecks = '';
  private wasWell = true;

  constructor(
    private readonly options: ResolvedHealthOptions,
    private readonly clock: Clock,
    private readonly probes: CollectedProbes,
    private readonly events: EventLog,
    @Optional() private readonly hostChecks?: HostChecks,
  ) {}

  onModuleDestroy(): void {
    this.draining = true;
  }

  async report(): Promise<ReadinessReport> {
    const [{ feed, standby, ...facts }, checks] = await Promise.all([this.probes.ready(), this.hostChecks?.run()]);
    const db = databaseOf(facts);
    const failed = Object.entries(checks ?? {}).flatMap(([name, state]) => (state === 'down' ? [name] : []));
    this.note(db, failed);
    return {
      ok: db.ok && failed.length === 0 && !this.draining,
      service: this.options.service,
      uptime_s: Math.floor(process.uptime()),
      db,
      ...(checks && { checks }),
      ...(feed && { feed }),
      ...(standby !== undefined && { standby }),
      draining: this.draining,
      time: { now: Math.floor(this.clock.nowMs() / 1000) },
    };
  }

  /** One line when something fails that did not before, and one when nothing fails any more, however often somebody asks. */
  private note(db: DatabaseFacts, failed: readonly string[]): void {
    const checks = failed.join(' ');
    const isWell = db.ok && checks === '';
    if (!db.ok && this.wasDatabaseOk) {
      this.events.write(this.logger, 'health.ready.db_failed', { level: 'warn', error: db.error });
    }
    if (checks !== '' && checks !== this.failedChecks) {
      this.events.write(this.logger, 'health.ready.failed', { level: 'warn', checks: failed });
    }
    if (isWell && !this.wasWell) this.events.write(this.logger, 'health.ready.recovered');
    this.wasDatabaseOk = db.ok;
    this.failedChecks = checks;
    this.wasWell = isWell;
  }
}

/** A database that answers and takes no scores is not well, either. */
function databaseOf({ db = WELL, writes = WELL }: ReadinessFacts): DatabaseFacts {
  return db.ok ? writes : db;
}
