import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DeadLetter } from '../../src/contracts/dead-letter-sink.js';
import type { EntityDefinition } from '../../src/domain/sync/entity-definition.js';
import { NOTHING_DONE, type RunEnd } from '../../src/domain/sync/run-facts.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { PgEntityStore } from '../../src/sync/adapters/pg/pg-entity-store.js';
import { PgSyncRuns } from '../../src/sync/adapters/pg/pg-sync-runs.js';
import { EntityPages } from '../../src/sync/entity/entity-pages.js';
import { EntitySync } from '../../src/sync/entity/entity-sync.js';
import { PageReader } from '../../src/sync/entity/page-reader.js';
import type { JobRun } from '../../src/sync/job-run.js';
import type { RunRow } from '../../src/sync/ports/sync-runs.js';
import type { SyncJob } from '../../src/sync/sync-job.js';
import { FakeClock } from '../../src/testing/index.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { ListedEntities } from './listed-entities.js';
import { PATIENT_POSTGRES } from './patient-postgres.js';

/** Pauses a thousand times as short. */
class QuickScheduler extends SystemScheduler {
  override after(delayMs: number, action: () => void) {
    return super.after(delayMs / 1000, action);
  }
}

/** Entities of the sync on a database of their own, with a provider in memory. */
export class SyncOnPostgres {
  readonly lists: ListedEntities;
  readonly letters: DeadLetter[] = [];
  readonly store: PgEntityStore;
  readonly runs: PgSyncRuns;
  readonly pages: EntityPages;
  readonly clock = new FakeClock(1_795_900_000_000);

  private constructor(
    private readonly database: TestDatabase,
    readonly connection: PgDatabase,
    readonly sql: pg.Client,
  ) {
    const scheduler = new QuickScheduler();
    const metrics = new LiveScoreMetrics();
    this.lists = new ListedEntities(() => this.clock.nowMs());
    this.store = new PgEntityStore(connection);
    this.runs = new PgSyncRuns(connection);
    const reader = new PageReader(this.lists, scheduler, this.clock, metrics);
    const letters = { bury: (letter: DeadLetter) => void this.letters.push(letter), resolve: () => undefined };
    this.pages = new EntityPages(reader, this.store, scheduler, this.clock, metrics, undefined, letters);
  }

  static async open(): Promise<SyncOnPostgres> {
    const database = await createTestDatabase();
    const sql = new pg.Client(database.url);
    await sql.connect();
    return new SyncOnPostgres(database, new PgDatabase({ connectionString: database.url }, PATIENT_POSTGRES), sql);
  }

  get url(): string {
    return this.database.url;
  }

  async close(): Promise<void> {
    await this.sql.end();
    await this.connection.close();
    await this.database.drop();
  }

  async rows(text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
    return (await this.sql.query<Record<string, unknown>>(text, [...values])).rows;
  }

  /** Claims a run as the worker does, lets the job do it, and stores its end. */
  async run(job: SyncJob | EntityDefinition, over: Partial<JobRun> = {}): Promise<RunEnd> {
    const one = 'run' in job ? job : new EntitySync(job, this.pages);
    await this.runs.enrol([one.name], []);
    const kind = over.kind ?? 'full';
    await this.rows('UPDATE livescore_sync_status SET wanted = $2 WHERE entity = $1', [one.name, kind]);
    const row = await this.runs.claim(one.name, kind, { wanted: kind }, 'spec');
    // nobody's first run, unless the spec says so
    const run = toJobRun(row!, { lastCompleteAtMs: 1, ...over });
    const end = await one.run(run);
    await this.runs.finish({
      ...end,
      entity: one.name,
      runId: row!.runId!,
      kind,
      counts: run.counts,
      givesBack: one.hasCursor,
    });
    this.last = run;
    return end;
  }

  /** the run that ended last */
  last: JobRun | null = null;
}

export function toJobRun(row: RunRow, over: Partial<JobRun> = {}): JobRun {
  return {
    job: row.entity,
    kind: row.kind === 'incremental' ? 'incremental' : 'full',
    runId: row.runId ?? randomUUID(),
    startedAtMs: row.startedAtMs ?? 0,
    lastCompleteAtMs: row.completeAtMs,
    watermark: row.watermark,
    page: row.page,
    newest: row.newest,
    isDiff: false,
    acceptsDeletions: false,
    signal: new AbortController().signal,
    counts: { ...NOTHING_DONE },
    ...over,
  };
}
