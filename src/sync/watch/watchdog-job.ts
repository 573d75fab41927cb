import { Injectable } from '@nestjs/common';
import { MatchLookups } from '../../contracts/match-lookups.js';
import { WriteFence } from '../../contracts/write-fence.js';
import { isLive } from '../../domain/match-status.js';
import type { JobSchedule, RunCounts, RunEnd } from '../../domain/sync/run-facts.js';
import { Clock } from '../../kernel/clock.js';
import { sqlState } from '../../postgres/sql-state.js';
import { MatchStates } from '../../score-writer/ports/match-states.js';
import type { JobRun } from '../job-run.js';
import { type MarkedMatch, StaleMatches, type StuckMark, type WatchedMatch } from '../ports/stale-matches.js';
import { SyncJob } from '../sync-job.js';
import { MatchViews } from './match-views.js';
import { StaleMarks } from './stale-marks.js';
import { chooseAsked, nextRung, type StuckMatch } from './stuck-ladder.js';
import { lacksMinute, stuckReason } from './stuck-match.js';
import { WatchReport } from './watch-report.js';

/** More than are ever played at once, and more than begin in a day without being played. */
const MOST_MATCHES = 2_000;
const MOST_ASKED = 100;
/** A clock that is set back by less heals by itself. */
const CLOCK_STEP_MS = 60_000;

/**
 * Looks every 30 s at the matches that are being played or should be. One that stands still, or lacks a value, is asked
 * about, and marked stale when the answer changed nothing; the mark goes when the match moves. What the provider answers is
 * judged by the guard like any other word of his: nothing here writes a match row, and time never changes a status.
 * Matches on the legacy path are not looked after; while all of them are, nothing is read.
 */
@Injectable()
export class WatchdogJob extends SyncJob {
  override readonly name = 'watchdog';
  override readonly replaces = 'watchdog and stuck-match finisher';
  override readonly schedules: readonly JobSchedule[] = [{ cron: '*/30 * * * * *', kind: 'full' }];
  override readonly needsFeed = true;

  constructor(
    private readonly matches: StaleMatches,
    private readonly marks: StaleMarks,
    private readonly lookups: MatchLookups,
    private readonly states: MatchStates,
    private readonly right: WriteFence,
    private readonly clock: Clock,
    private readonly report: WatchReport,
    private readonly views: MatchViews,
  ) {
    super();
  }

  override async run({ signal, counts }: JobRun): Promise<RunEnd> {
    if (!this.views.isActive) {
      this.marks.forget();
      return { verdict: 'complete' };
    }
    const nowMs = this.clock.nowMs();
    let found: readonly WatchedMatch[];
    try {
      found = await this.matches.read(Math.floor(nowMs / 1000), MOST_MATCHES);
    } catch (error) {
      return failed(error);
    }
    counts.seen += found.length;
    this.views.compareLive(found.flatMap(({ matchId, status }) => (isLive(status) ? [matchId] : [])));
    if (signal.aborted) return { verdict: 'failed', error: 'stopped' };
    const noted = this.look(found, nowMs);
    for (const { matchId, askedAtMs } of noted) if (askedAtMs === nowMs) this.lookups.request(matchId, nowMs);
    try {
      await this.note(found, noted, counts, nowMs);
    } catch (error) {
      return failed(error);
    }
    return { verdict: 'complete' };
  }

  private look(found: readonly WatchedMatch[], nowMs: number): readonly MarkedMatch[] {
    const stuck = found.flatMap((match): StuckMatch[] => {
      if (!this.views.isOurs(match.matchId)) return [];
      if (lacksMinute(match)) this.states.minuteIsMissing(match.matchId);
      const reason = stuckReason(this.factsOf(match, nowMs), Math.floor(nowMs / 1000));
      if (!reason) return [];
      return [{ matchId: match.matchId, isLive: isLive(match.status), rung: nextRung(match.mark, reason, nowMs) }];
    });
    return chooseAsked(stuck, nowMs, MOST_ASKED);
  }

  /** Whatever the feed says of a match is a sign of life, and most of it is in no row. One ahead of our clock is none. */
  private factsOf(match: WatchedMatch, nowMs: number) {
    const { matchId, lastSignS } = match;
    const heardAtMs = this.views.lastPushAtMs(matchId);
    const isHeard = heardAtMs !== null && heardAtMs <= nowMs + CLOCK_STEP_MS;
    return {
      ...match,
      lastSignS: isHeard ? Math.max(Math.floor(heardAtMs / 1000), lastSignS ?? 0) : lastSignS,
      format: this.views.formatOf(matchId),
    };
  }

  private async note(
    found: readonly WatchedMatch[],
    noted: readonly MarkedMatch[],
    counts: RunCounts,
    nowMs: number,
  ): Promise<void> {
    const known = new Map(found.map(({ matchId, mark }) => [matchId, mark]));
    const changed = noted.filter((mark) => !isSame(known.get(mark.matchId) ?? null, mark));
    const stuck = new Set(noted.map(({ matchId }) => matchId));
    const cleared = found.flatMap(({ matchId, mark }) => (mark && !stuck.has(matchId) ? [matchId] : []));
    const gone = await this.matches.save(changed, cleared, Math.floor(nowMs / 1000), this.right.fence);
    this.marks.adopt(noted);
    this.report.looked({ found, noted, gone, nowMs });
    counts.changed += changed.length;
    counts.deleted += gone.length;
  }
}

/** The next look repeats what could not be done; a question was throttled per match by whoever asks. */
function failed(error: unknown): RunEnd {
  return { verdict: 'failed', error: `the database answered ${sqlState(error) ?? 'nothing'}` };
}

function isSame(known: StuckMark | null, { reason, sinceMs, askedAtMs, staleAtMs }: StuckMark): boolean {
  if (known?.reason !== reason || known.sinceMs !== sinceMs) return false;
  return known.askedAtMs === askedAtMs && known.staleAtMs === staleAtMs;
}
