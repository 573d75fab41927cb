import { type EntityRow, isRefused, readItem, type StoredField } from '../src/domain/sync/entity-row.js';
import { NOTHING_DONE } from '../src/domain/sync/run-facts.js';
import { PgDatabase } from '../src/postgres/adapters/pg/pg-database.js';
import { resolvePostgresOptions } from '../src/postgres/postgres.options.js';
import type { ProviderItem } from '../src/provider/ports/provider-lists.js';
import { PgEntityStore } from '../src/sync/adapters/pg/pg-entity-store.js';
import { PgSyncRuns } from '../src/sync/adapters/pg/pg-sync-runs.js';
import { player } from '../src/sync/entity/list/player.js';
import { type ExpectedRun, SyncSubject } from './sync-subjects.js';

/** The package's decoder and store, in a run that is claimed: each page moves the cursor in its own commit. */
export class OurSync extends SyncSubject {
  private run = { runId: '', page: 1, newest: 0, added: 0, changed: 0, isHeld: true };

  private constructor(
    private readonly database: PgDatabase,
    private readonly entities: PgEntityStore,
    private readonly runs: PgSyncRuns,
    private readonly fields: readonly StoredField[],
  ) {
    super();
  }

  static async connect(url: string): Promise<OurSync> {
    const database = new PgDatabase({ connectionString: url }, resolvePostgresOptions());
    const store = new PgEntityStore(database);
    const runs = new PgSyncRuns(database);
    await runs.enrol([player.name], []);
    const { fields, leftOut } = await store.columns(player);
    if (!fields || leftOut.length > 0) throw new Error(`Columns are left out: ${leftOut.join(', ')}`);
    return new OurSync(database, store, runs, fields);
  }

  override async begin(): Promise<void> {
    const claimed = await this.runs.claim(player.name, 'full', { retry: true }, 'bench');
    if (!claimed?.runId) throw new Error('The run could not be claimed');
    this.run = { runId: claimed.runId, page: 1, newest: 0, added: 0, changed: 0, isHeld: true };
  }

  override async store(items: readonly ProviderItem[]): Promise<void> {
    const { run } = this;
    const rows = this.rowsOf(items);
    run.page += 1;
    const { held, added, changed } = await this.entities.save({
      entity: player,
      fields: this.fields,
      rows,
      run: { runId: run.runId, nextPage: run.page, newest: run.newest },
      requestedAtMs: Date.now(),
    });
    run.added += added;
    run.changed += changed;
    run.isHeld &&= held;
  }

  override async end(expected: ExpectedRun): Promise<readonly string[]> {
    const { runId, added, changed, isHeld, newest } = this.run;
    const row = (await this.runs.look()).rows.find(({ entity }) => entity === player.name);
    await this.runs.finish({
      entity: player.name,
      runId,
      kind: 'full',
      verdict: 'complete',
      counts: { ...NOTHING_DONE, added, changed },
      watermark: newest,
      wasFull: true,
      givesBack: false,
    });
    const found = `held ${isHeld}, ${added} added, ${changed} changed, page ${row?.page}, newest ${row?.newest}`;
    const right = `held true, ${expected.added} added, ${expected.changed} changed, page ${expected.pages + 1}, newest ${newest}`;
    return found === right ? [] : [`ours: ${found}; expected: ${right}`];
  }

  override close(): Promise<void> {
    return this.database.close();
  }

  /** As the run of an entity does it. */
  private rowsOf(items: readonly ProviderItem[]): readonly EntityRow[] {
    const rows = new Map<string, EntityRow>();
    for (const item of items) {
      const row = readItem(item, this.fields);
      if (isRefused(row)) throw new Error(`A row of the bench was refused: ${row.reason}`);
      rows.set(row.externalId, row);
      if (row.updatedAtS !== null && row.updatedAtS > this.run.newest) this.run.newest = row.updatedAtS;
    }
    return [...rows.values()];
  }
}
