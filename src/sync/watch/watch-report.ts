import { Injectable, Logger } from '@nestjs/common';
import { isLive } from '../../domain/match-status.js';
import { EventLog } from '../../kernel/event-log.js';
import { LiveScoreMetrics } from '../../kernel/livescore-metrics.js';
import type { MarkedMatch, WatchedMatch } from '../ports/stale-matches.js';
import { lacksMinute } from './stuck-match.js';

/** A line of the log names no more. */
const MOST_NAMED = 20;

/** What came of one look. */
export interface Look {
  readonly found: readonly WatchedMatch[];
  readonly noted: readonly MarkedMatch[];
  /** marks that were taken away */
  readonly gone: readonly { readonly matchId: string; readonly reason: string }[];
  readonly nowMs: number;
}

/** Counts each step of the ladder, and tells the log of what is new: one line per look. */
@Injectable()
export class WatchReport {
  private readonly logger = new Logger('Watchdog');

  constructor(
    private readonly metrics: LiveScoreMetrics,
    private readonly events: EventLog,
  ) {}

  looked(look: Look): void {
    const { found, noted, nowMs } = look;
    const before = new Map(found.map(({ matchId, mark }) => [matchId, mark?.reason]));
    const news = noted.filter(({ matchId, reason }) => before.get(matchId) !== reason);
    const asked = noted.filter(({ askedAtMs }) => askedAtMs === nowMs);
    const stale = noted.filter(({ staleAtMs }) => staleAtMs === nowMs);
    this.count('found', news);
    this.count('asked', asked);
    this.count('stale', stale);
    this.lacking(found);
    const cleared = this.cleared(look);
    if (news.length + stale.length + cleared.length === 0) return;
    const named = (matches: readonly { readonly matchId: string; readonly reason: string }[]) =>
      matches.slice(0, MOST_NAMED).map(({ matchId, reason }) => `${matchId}: ${reason}`);
    const level = stale.length > 0 ? 'warn' : 'info';
    const texts = { found: named(news), stale: named(stale), cleared: named(cleared) };
    const counts = { found_count: news.length, asked_count: asked.length, stale_count: stale.length };
    this.events.write(this.logger, 'watchdog.look', { level, ...texts, ...counts });
  }

  /** `repaired`: the value is there, and the match goes on. */
  private cleared({ found, gone }: Look): Look['gone'] {
    const live = new Map(found.map((match) => [match.matchId, match]));
    for (const { matchId, reason } of gone) {
      const match = live.get(matchId);
      const isRepaired =
        match !== undefined &&
        ((reason === 'null-score' && match.hasScore) || (reason === 'null-minute' && !lacksMinute(match)));
      this.count(isRepaired ? 'repaired' : 'cleared', [{ reason }]);
    }
    return gone;
  }

  private lacking(found: readonly WatchedMatch[]): void {
    const scores = found.filter(({ status, hasScore }) => isLive(status) && !hasScore);
    this.metrics.matchesWithout.set({ kind: 'score' }, scores.length);
    this.metrics.matchesWithout.set({ kind: 'minute' }, found.filter(lacksMinute).length);
  }

  private count(step: string, matches: readonly { readonly reason: string }[]): void {
    for (const { reason } of matches) this.metrics.watchdog.inc({ step, reason });
  }
}
