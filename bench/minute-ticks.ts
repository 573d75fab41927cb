import { CommittedChanges } from '../src/contracts/committed-changes.js';
import { WriteFence } from '../src/contracts/write-fence.js';
import { Clock } from '../src/kernel/clock.js';
import { EventLog } from '../src/kernel/event-log.js';
import { LiveScoreMetrics } from '../src/kernel/livescore-metrics.js';
import { PgMinuteStore } from '../src/minute/adapters/pg/pg-minute-store.js';
import { FollowedMatches } from '../src/minute/followed-matches.js';
import { MatchFormats } from '../src/minute/match-formats.js';
import { resolveMinuteOptions } from '../src/minute/minute.options.js';
import { MinuteComparison } from '../src/minute/minute-comparison.js';
import { MinutePass } from '../src/minute/minute-pass.js';
import { PgDatabase } from '../src/postgres/adapters/pg/pg-database.js';
import { resolvePostgresOptions } from '../src/postgres/postgres.options.js';

class SetClock extends Clock {
  constructor(public atMs: number) {
    super();
  }
  override nowMs(): number {
    return this.atMs;
  }
}

/** The passes of the module on a clock that is set. */
export class MinuteTicks {
  private readonly clock: SetClock;
  private readonly database: PgDatabase;
  private readonly pass: MinutePass;
  private readonly changes = new CommittedChanges();
  /** minutes of the last tick */
  written = 0;

  constructor(url: string, kickoffS: number) {
    this.clock = new SetClock((kickoffS + 60) * 1000);
    this.database = new PgDatabase({ connectionString: url }, resolvePostgresOptions());
    const store = new PgMinuteStore(this.database);
    const metrics = new LiveScoreMetrics();
    const followed = new FollowedMatches(new MatchFormats(resolveMinuteOptions({ mode: 'on' })));
    const comparison = new MinuteComparison(metrics, new EventLog(this.clock));
    this.pass = new MinutePass(store, followed, comparison, new WriteFence(), this.changes, this.clock, metrics);
    this.changes.batches$.subscribe((batch) => {
      this.written += batch.length;
    });
  }

  /** All that the process does for one tick, up to the facts that frames are made of. */
  async tick(laterS: number): Promise<void> {
    this.clock.atMs += laterS * 1000;
    this.written = 0;
    await this.pass.all('on');
  }

  close(): Promise<void> {
    return this.database.close();
  }
}
