import { Injectable } from '@nestjs/common';
import type { JobSchedule, RunEnd } from '../../domain/sync/run-facts.js';
import { Clock } from '../../kernel/clock.js';
import { Scheduler } from '../../kernel/scheduler.js';
import type { JobRun } from '../job-run.js';
import { SamePage } from '../same-page.js';
import { SyncJob } from '../sync-job.js';
import { MatchIntake } from './match-intake.js';
import { MatchLists } from './match-lists.js';
import { RecentWalk } from './recent-walk.js';
import { failed } from './run-failure.js';

const RECENT = '/match/recent/list';
const MOST_PAGES = 20;
/** Of one walk, however many runs it takes: a list without an end. */
const MOST_PAGES_OF_WALK = 500;
const LONGEST_RUN_MS = 300_000;
const DAY_S = 86_400;
/** The provider looks back no further. */
const FURTHEST_BACK_S = 30 * DAY_S;

interface Walk {
  readonly way: RecentWalk;
  readonly same: SamePage;
  /** of the runs that go it */
  readonly watermark: number | null;
  isWhole: boolean;
  pages: number;
}

/**
 * Reads which matches changed since the watermark, that second included; the first run, and a full one, read the last day. A run
 * that meets its bound of 20 pages, or an error, is partial: the next one goes on at the same page, so that a long list is read
 * to its end, and only then the watermark moves. Another instance begins anew from the watermark.
 */
@Injectable()
export class RecentJob extends SyncJob {
  override readonly name = 'recent';
  override readonly replaces = 'match sync (recent list)';
  override readonly schedules: readonly JobSchedule[] = [{ cron: '* * * * *', kind: 'incremental' }];
  override readonly needsFeed = true;
  private walk: Walk | null = null;

  constructor(
    private readonly lists: MatchLists,
    private readonly intake: MatchIntake,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {
    super();
  }

  override get hasCursor(): boolean {
    return true;
  }

  override async run(run: JobRun): Promise<RunEnd> {
    const walk = this.walkOf(run);
    try {
      const error = await this.go(walk, run);
      if (error !== null) return { verdict: run.counts.seen > 0 ? 'partial' : 'failed', error };
    } catch (error) {
      return failed(error, run);
    }
    this.walk = null;
    if (!walk.isWhole) return { verdict: 'partial', error: 'some matches have to come again' };
    return { verdict: 'complete', watermark: walk.way.watermark };
  }

  private walkOf({ kind, watermark }: JobRun): Walk {
    const nowS = this.intake.providerTimeS(this.clock.nowMs());
    const isUnderWay = this.walk && kind === 'incremental' && this.walk.watermark === watermark;
    if (this.walk && isUnderWay && this.walk.pages < MOST_PAGES_OF_WALK) return this.walk;
    const sinceS = kind === 'full' || watermark === null ? nowS - DAY_S : Math.min(watermark, nowS);
    const way = new RecentWalk(Math.max(sinceS, nowS - FURTHEST_BACK_S));
    this.walk = { way, same: new SamePage(), watermark, isWhole: true, pages: 0 };
    return this.walk;
  }

  /** @returns why the walk is not at its end; null when it is */
  private async go(walk: Walk, run: JobRun): Promise<string | null> {
    const fields = await this.intake.fields();
    const untilMs = this.scheduler.monotonicMs() + LONGEST_RUN_MS;
    for (let pages = 0; walk.way.page !== null; pages++) {
      const { page } = walk.way;
      if (run.signal.aborted) return 'stopped';
      const isLate = this.scheduler.monotonicMs() > untilMs;
      if (isLate || pages === MOST_PAGES) return `${pages} pages were read, the next run goes on at page ${page}`;
      const read = await this.lists.page(RECENT, { page, time: walk.way.fromS }, run);
      if (read.kind === 'failed') return read.error;
      walk.pages += 1;
      if (read.kind === 'end') {
        walk.way.ended();
        continue;
      }
      walk.way.asked(this.intake.providerTimeS(read.answer.requestedAtMs));
      const isRepeated = walk.way.isForth && walk.same.isRepeated(read.answer);
      const { newestS, isWhole } = await this.intake.take(read.answer, fields, run);
      walk.isWhole &&= isWhole;
      if (isRepeated) walk.way.ended();
      else walk.way.took(newestS);
    }
    return null;
  }
}
