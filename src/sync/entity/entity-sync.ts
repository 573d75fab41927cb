import type { EntityDefinition } from '../../domain/sync/entity-definition.js';
import type { JobSchedule, RunEnd } from '../../domain/sync/run-facts.js';
import type { JobRun } from '../job-run.js';
import { SyncJob } from '../sync-job.js';
import type { EntityPages } from './entity-pages.js';
import { EntityRun } from './entity-run.js';

/**
 * Keeps one table of the platform as the provider lists it.
 *
 * A run reads pages until one is empty, and stores each with the page cursor in one commit. An incremental run asks for what
 * changed since the watermark, that second included. A full run also knows what it has met: when rows moved between pages,
 * when it misses rows that are there, or when it was taken over in the middle, it reads the list once more, and only what no
 * pass has met is marked as deleted. Only a complete run moves the watermark: to the newest change it stored, and never past its own
 * beginning, because what changed since then may stand on a page that was already read.
 */
export class EntitySync extends SyncJob {
  override readonly name: string;
  override readonly replaces: string;
  override readonly schedules: readonly JobSchedule[];
  override readonly needsFeed = false;

  constructor(
    private readonly definition: EntityDefinition,
    private readonly pages: EntityPages,
  ) {
    super();
    this.name = definition.name;
    this.replaces = definition.replaces;
    this.schedules = definition.schedules;
  }

  override async prepare(): Promise<void> {
    await this.pages.fieldsOf(this.definition);
  }

  override get canDiff(): boolean {
    return true;
  }

  override get hasCursor(): boolean {
    return this.definition.cursor === 'time';
  }

  override get after(): readonly string[] {
    return this.definition.parents;
  }

  override async run(run: JobRun): Promise<RunEnd> {
    const fields = await this.pages.fieldsOf(this.definition);
    if (!fields) return { verdict: 'failed', error: `The table ${this.definition.table} cannot be written` };
    return new EntityRun(this.definition, fields, this.pages, run).end();
  }
}
