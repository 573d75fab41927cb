import { Injectable } from '@nestjs/common';
import { MatchLookups } from '../../contracts/match-lookups.js';
import type { JobSchedule, RunEnd } from '../../domain/sync/run-facts.js';
import { Clock } from '../../kernel/clock.js';
import { PageReader } from '../entity/page-reader.js';
import type { JobRun } from '../job-run.js';
import { DeletionStore } from '../ports/deletion-store.js';
import { FixtureStore } from '../ports/fixture-store.js';
import { SyncJob } from '../sync-job.js';
import { readDeleted } from './deleted-ids.js';
import { readGroups } from './group-answer.js';
import { failed } from './run-failure.js';

const DELETED = '/deleted';
const IDS_PER_STATEMENT = 1_000;
/** The provider tells a deletion for 24 hours, an hour for its clock. */
const TOLD_FOR_HOURS = 25;
/** The provider tells what it deleted for 24 h; an hour less for its clock and its cache. */
const MEMORY_MS = 23 * 3_600_000;

/** Marks what the provider says it has deleted. Rows stay; a match that is being played is asked about. */
@Injectable()
export class DeletedJob extends SyncJob {
  override readonly name = 'deleted';
  override readonly replaces = 'nothing: deletions were ignored';
  override readonly schedules: readonly JobSchedule[] = [{ cron: '*/2 * * * *', kind: 'incremental' }];
  override readonly needsFeed = true;

  constructor(
    private readonly reader: PageReader,
    private readonly deletions: DeletionStore,
    private readonly fixtures: FixtureStore,
    private readonly lookups: MatchLookups,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async run(run: JobRun): Promise<RunEnd> {
    try {
      const read = await this.reader.read({ endpoint: DELETED, priority: 'schedule', signal: run.signal });
      if (read.kind !== 'page') {
        return {
          verdict: 'failed',
          error: read.kind === 'failed' ? read.error : `${DELETED}: the answer has no results`,
        };
      }
      const groups = readGroups(read.answer);
      if (typeof groups === 'string') return { verdict: 'failed', error: `${DELETED}: ${groups}` };
      const end = await this.mark(groups, run);
      return isPastMemory(run) ? { ...end, requiresFull: true } : end;
    } catch (error) {
      return failed(error, run);
    }
  }

  private async mark(groups: ReadonlyMap<string, readonly unknown[]>, { counts, signal }: JobRun): Promise<RunEnd> {
    const { byEntity, unknown, refused } = readDeleted(groups);
    counts.refused += refused + unknown;
    counts.seen += refused + unknown;
    for (const [entity, ids] of byEntity) {
      counts.seen += ids.length;
      for (let from = 0; from < ids.length; from += IDS_PER_STATEMENT) {
        signal.throwIfAborted();
        const part = ids.slice(from, from + IDS_PER_STATEMENT);
        const marked = await this.deletions.mark(entity, part, TOLD_FOR_HOURS);
        counts.deleted += marked.length;
        if (entity === 'match') await this.askAbout(marked);
      }
    }
    return { verdict: 'complete', ...(unknown > 0 && { error: `${unknown} ids of unknown kinds were left out` }) };
  }

  private async askAbout(matchIds: readonly string[]): Promise<void> {
    if (matchIds.length === 0) return;
    const nowMs = this.clock.nowMs();
    for (const matchId of await this.fixtures.inPlay(matchIds, 0)) this.lookups.request(matchId, nowMs);
  }
}

/** Was nobody here for so long that deletions were told and taken back? Then only whole lists can show them. */
function isPastMemory({ startedAtMs, lastCompleteAtMs }: JobRun): boolean {
  return lastCompleteAtMs !== null && startedAtMs - lastCompleteAtMs > MEMORY_MS;
}
