import { type EntityDefinition, pageTimeoutMs } from '../../domain/sync/entity-definition.js';
import { type EntityRow, isRefused, readItem, type StoredField } from '../../domain/sync/entity-row.js';
import type { RunEnd } from '../../domain/sync/run-facts.js';
import { isPermanent, sqlState } from '../../postgres/sql-state.js';
import type { ProviderItem } from '../../provider/ports/provider-lists.js';
import type { JobRun } from '../job-run.js';
import type { EntityPage, PageOfRun } from '../ports/entity-store.js';
import { SamePage } from '../same-page.js';
import { type DiffTally, tally } from './diff-tally.js';
import type { EntityPages } from './entity-pages.js';
import type { PageRead } from './page-reader.js';
import { SeenKeys } from './seen-keys.js';

/** A list that still moves after so many readings is not taken for complete. */
const MOST_READINGS = 3;
/** A list that was cut short for a moment is whole again by then: only what is missing still is deleted. */
const RECHECK_AFTER_MS = 10_000;
/** More pages than any list has. */
const MOST_PAGES = 5_000;
/** Rows that changed while the run began are read by the next one: whole seconds, and an answer on its way. */
const MARGIN_S = 2;
/** Of a run that was taken over the beginning is known by another clock only. */
const TAKEN_OVER_MARGIN_S = 120;

/** One run of one entity. */
export class EntityRun {
  private readonly seen = new SeenKeys();
  private readonly diff: DiffTally | null;
  private readonly isFull: boolean;
  private newest: number | null;
  private beganAtS: number | null = null;
  /** the last page said that there are no more: not just no results */
  private saidItsEnd = true;
  /** of this reading, with entries */
  private pagesRead = 0;

  constructor(
    private readonly entity: EntityDefinition,
    private readonly fields: readonly StoredField[],
    private readonly pages: EntityPages,
    private readonly job: JobRun,
  ) {
    this.diff = job.isDiff ? tally() : null;
    this.isFull = job.isDiff || job.kind === 'full' || entity.cursor === 'none' || job.watermark === null;
    this.newest = job.newest;
  }

  async end(): Promise<RunEnd> {
    const error = await this.readPages(this.job.page);
    if (error !== null) return this.broken(error);
    return this.isFull ? this.endFull() : this.complete();
  }

  private async endFull(): Promise<RunEnd> {
    // what was read of a run that was taken over is no whole reading
    let readings = this.job.page === 1 ? 1 : 0;
    for (;;) {
      const missing = readings > 0 && this.seen.isComplete && this.saidItsEnd ? await this.missing() : [];
      if (readings === 1 && !this.isInDoubt && missing.length === 0) return this.withoutMissing([]);
      if (readings > 1 && this.seen.fresh === 0) return this.withoutMissing(missing);
      if (readings === MOST_READINGS) return this.broken(`the list moved while it was read, ${MOST_READINGS} times`);
      if (missing.length > 0 && !(await this.pages.rest(RECHECK_AFTER_MS, this.job.signal)))
        return this.broken('stopped');
      this.seen.nextPass();
      const error = await this.readPages(1);
      if (error !== null) return this.broken(error);
      readings += 1;
    }
  }

  /**
   * Rows moved between pages; or nobody has read the list as a whole yet, so that no row is here to be missed when it slid to a
   * page that was read already.
   */
  private get isInDoubt(): boolean {
    const isFirst = this.job.lastCompleteAtMs === null && !this.job.isDiff;
    return this.seen.hasShifted || (isFirst && this.pagesRead > 1);
  }

  /** @returns why the list could not be read to its end; null when it was */
  private async readPages(first: number): Promise<string | null> {
    const same = new SamePage();
    this.saidItsEnd = true;
    this.pagesRead = 0;
    for (let page = first; page < first + MOST_PAGES; page++) {
      const read = await this.page(page);
      if (read.kind === 'failed') return read.error;
      this.beganAtS ??= this.pages.providerTimeS(read.answer.requestedAtMs);
      if (read.kind === 'no-results') return this.endWithoutResults(page);
      if (read.items.length + read.answer.refused === 0 || same.isRepeated(read.answer)) return null;
      this.pagesRead += 1;
      this.job.counts.seen += read.answer.refused;
      this.job.counts.refused += read.answer.refused;
      if (!(await this.take(read.items, page + 1, read.answer.requestedAtMs))) return LOST;
    }
    return 'the list has no end';
  }

  private page(page: number): Promise<PageRead> {
    const { entity, job } = this;
    const since: Readonly<Record<string, number>> = this.isFull ? {} : { time: job.watermark as number };
    return this.pages.read(entity, { page, ...since }, pageTimeoutMs(entity), job.signal);
  }

  /**
   * A provider may end its lists like that; then the page behind has no results, either. Where that one says that it is empty,
   * or has entries, this one was to be a page. A first page with nothing is no list.
   */
  private async endWithoutResults(page: number): Promise<string | null> {
    this.saidItsEnd = false;
    if (this.isFull && page === 1) return 'the answer has no results';
    const behind = await this.page(page + 1);
    if (behind.kind === 'failed') return behind.error;
    return behind.kind === 'page' ? `page ${page} has no results, and the one behind it has` : null;
  }

  private async take(items: readonly ProviderItem[], nextPage: number, requestedAtMs: number): Promise<boolean> {
    const { counts, runId } = this.job;
    const rows = this.rowsOf(items);
    counts.seen += items.length;
    this.seen.add(rows.keys());
    const page = { entity: this.entity, fields: this.fields, rows: [...rows.values()], requestedAtMs };
    if (this.diff) {
      this.diff.add(page.rows, await this.pages.compare(page));
      return true;
    }
    return this.store(page, { runId, nextPage, newest: this.newest });
  }

  /** One row that the database will never take costs that row: the page is halved until it is found. */
  private async store(page: Omit<EntityPage, 'run'>, run: PageOfRun): Promise<boolean> {
    const { counts, signal } = this.job;
    try {
      const stored = await this.pages.save({ ...page, run }, signal);
      counts.added += stored.added;
      counts.changed += stored.changed;
      return stored.held;
    } catch (error) {
      const [first] = page.rows;
      if (!isPermanent(error) || !first) throw error;
      if (page.rows.length === 1) {
        this.refuse(first.externalId, `the database answered ${sqlState(error)}`, {
          id: first.externalId,
          ...first.values,
        });
        return true;
      }
      const half = Math.ceil(page.rows.length / 2);
      const parts = [page.rows.slice(0, half), page.rows.slice(half)] as const;
      // the cursor moves with the second half
      const isHeld = await this.store({ ...page, rows: parts[0] }, { ...run, nextPage: run.nextPage - 1 });
      return isHeld && this.store({ ...page, rows: parts[1] }, run);
    }
  }

  /** What the provider says last of an id counts. */
  private rowsOf(items: readonly ProviderItem[]): ReadonlyMap<string, EntityRow> {
    const rows = new Map<string, EntityRow>();
    for (const item of items) {
      const row = readItem(item, this.fields);
      if (isRefused(row)) {
        // the provider lists it all the same
        if (row.externalId !== null) this.seen.add([row.externalId]);
        this.refuse(row.externalId, row.reason, item);
      } else if ((rows.get(row.externalId)?.updatedAtS ?? 0) <= (row.updatedAtS ?? Number.POSITIVE_INFINITY)) {
        rows.set(row.externalId, row);
        if (row.updatedAtS !== null && row.updatedAtS > (this.newest ?? 0)) this.newest = row.updatedAtS;
      }
    }
    return rows;
  }

  private refuse(externalId: string | null, reason: string, item: ProviderItem): void {
    this.job.counts.refused += 1;
    if (!this.diff) this.pages.bury(this.entity, externalId, reason, item, this.job.counts.refused);
  }

  private missing(): Promise<readonly string[]> {
    return this.pages.missing(this.entity, this.seen, this.job.startedAtMs);
  }

  private async withoutMissing(missing: readonly string[]): Promise<RunEnd> {
    if (this.diff) return { verdict: 'complete', diff: this.diff.end(missing.length) };
    if (missing.length === 0) return this.complete();
    if (isTooMuch(missing.length, this.seen.size) && !this.job.acceptsDeletions) {
      return this.complete(
        `${missing.length} rows are not listed any more, too many to believe: see livescore sync run ${this.entity.name} --full --accept-deletions`,
      );
    }
    this.job.counts.deleted += await this.pages.markDeleted(this.entity, missing, this.job.runId);
    return this.complete();
  }

  private complete(error?: string): RunEnd {
    return {
      verdict: 'complete',
      wasFull: this.isFull,
      ...(error !== undefined && { error }),
      ...this.nextWatermark(),
    };
  }

  private nextWatermark(): { readonly watermark?: number } {
    if (this.entity.cursor === 'none') return {};
    const began =
      this.job.page > 1 ? this.job.startedAtMs / 1000 - TAKEN_OVER_MARGIN_S : (this.beganAtS ?? 0) - MARGIN_S;
    // entries that carry no time at all: the run vouches for everything before it
    const newest = Math.min(this.newest ?? (this.isFull ? began : 0), Math.floor(began));
    return { watermark: Math.max(Math.floor(newest), this.isFull ? 0 : (this.job.watermark ?? 0)) };
  }

  private broken(error: string): RunEnd {
    const { added, changed, seen } = this.job.counts;
    return { verdict: added + changed + seen > 0 ? 'partial' : 'failed', error };
  }
}

const LOST = 'the run was taken over by another instance';

/** A list that lacks more than half of what we have, or has nothing at all, is more likely cut short than true. */
function isTooMuch(missing: number, seen: number): boolean {
  return seen === 0 || (missing > 20 && missing > seen);
}
