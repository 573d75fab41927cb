import { Injectable } from '@nestjs/common';
import type { JobSchedule, RunEnd } from '../../domain/sync/run-facts.js';
import { Clock } from '../../kernel/clock.js';
import { Scheduler } from '../../kernel/scheduler.js';
import type { JobRun } from '../job-run.js';
import type { StoredFixtureField } from '../ports/fixture-store.js';
import { SamePage } from '../same-page.js';
import { SyncJob } from '../sync-job.js';
import type { MatchEntry } from './match-entry.js';
import { MatchIntake } from './match-intake.js';
import { MatchLists } from './match-lists.js';
import { MatchSyncSettings } from './match-sync-settings.js';
import { type DaySpan, isInSpan, operatorsDays } from './operators-day.js';
import { failed } from './run-failure.js';

const DIARY = '/match/diary';
const MOST_PAGES = 20;
const LONGEST_RUN_MS = 900_000;

/**
 * Reads the programme of the operators' days out of the provider's diary, whose days are those of UTC+8. An incremental run
 * reads today, a full one the days around it, too. Each date is asked for once, and each match is taken once.
 */
@Injectable()
export class DiaryJob extends SyncJob {
  override readonly name = 'diary';
  override readonly replaces = 'diary sync (every 10 min, and 21:00 UTC)';
  override readonly schedules: readonly JobSchedule[] = [
    { cron: '*/10 * * * *', kind: 'incremental' },
    { cron: '5,35 * * * *', kind: 'full' },
  ];
  override readonly needsFeed = true;

  constructor(
    private readonly lists: MatchLists,
    private readonly intake: MatchIntake,
    private readonly settings: MatchSyncSettings,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {
    super();
  }

  override async run(run: JobRun): Promise<RunEnd> {
    try {
      const reading = new DiaryReading(this.span(run), await this.intake.fields(), run);
      return await this.read(reading);
    } catch (error) {
      return failed(error, run);
    }
  }

  private span({ kind }: JobRun): DaySpan {
    const around = kind === 'full' ? this.settings.diaryDays : 0;
    const nowS = this.intake.providerTimeS(this.clock.nowMs());
    return operatorsDays(nowS, this.settings.operatorsOffsetHours, around, around);
  }

  /** A date that fails leaves the others their turn. */
  private async read(reading: DiaryReading): Promise<RunEnd> {
    const untilMs = this.scheduler.monotonicMs() + LONGEST_RUN_MS;
    const errors: string[] = [];
    let good = 0;
    for (const date of reading.span.dates) {
      const isLate = this.scheduler.monotonicMs() > untilMs || reading.run.signal.aborted;
      const error = isLate ? 'there was no time for it' : await this.readDate(date, reading);
      if (error === null) good += 1;
      else errors.push(`${date}: ${error}`);
    }
    if (errors.length === 0) return { verdict: 'complete' };
    return { verdict: good + reading.pages > 0 ? 'partial' : 'failed', error: errors.join('; ') };
  }

  /** @returns why it was not read to its end; null when it was */
  private async readDate(date: string, reading: DiaryReading): Promise<string | null> {
    const same = new SamePage();
    let isWhole = true;
    for (let page = 1; page <= MOST_PAGES; page++) {
      const read = await this.lists.page(DIARY, { date, page }, reading.run);
      if (read.kind === 'failed') return read.error;
      if (read.kind === 'end' || same.isRepeated(read.answer))
        return isWhole ? null : 'some matches have to come again';
      const taken = await this.intake.take(read.answer, reading.fields, reading.run, (entry) => reading.takes(entry));
      reading.pages += 1;
      isWhole &&= taken.isWhole;
    }
    return `more than ${MOST_PAGES} pages`;
  }
}

/** What one run has read. */
class DiaryReading {
  pages = 0;
  /** match → `updated_at` of the entry that was taken, unix seconds */
  private readonly taken = new Map<string, number>();

  constructor(
    readonly span: DaySpan,
    readonly fields: readonly StoredFixtureField[],
    readonly run: JobRun,
  ) {}

  /** Of the wanted days, and not in an earlier page unless it is newer there. */
  takes({ fixture: { matchId, updatedAtS }, matchTimeS }: MatchEntry): boolean {
    if (!isInSpan(this.span, matchTimeS)) return false;
    const before = this.taken.get(matchId);
    if (before !== undefined && (updatedAtS ?? 0) <= before) return false;
    this.taken.set(matchId, updatedAtS ?? 0);
    return true;
  }
}
