import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { type Committed, CommittedChanges, type ScoreCommitted } from '../contracts/committed-changes.js';
import { leastHalfS, matchFormatText } from '../domain/match-format.js';
import { isOver, MatchStatus } from '../domain/match-status.js';
import { EventLog } from '../kernel/event-log.js';
import { FollowedMatches } from './followed-matches.js';
import { MinuteSettings } from './minute-settings.js';

const MOST_INTERRUPTED = 1_000;

/**
 * Follows what is committed, before it is told to anybody. A half-time that comes too early for the format, in a first half that nothing interrupted and
 * whose kick-off the feed or the provider gave, leaves the format in doubt: nobody guesses another one.
 */
@Injectable()
export class FormatWatch implements OnApplicationShutdown {
  private readonly logger = new Logger('Minute');
  private readonly subscription: Subscription;
  private readonly interrupted = new Set<string>();

  constructor(
    changes: CommittedChanges,
    private readonly followed: FollowedMatches,
    private readonly settings: MinuteSettings,
    private readonly events: EventLog,
  ) {
    this.subscription = changes.batches$.subscribe((batch) => this.take(batch));
  }

  onApplicationShutdown(): void {
    this.subscription.unsubscribe();
  }

  private take(batch: readonly Committed[]): void {
    for (const change of batch) {
      if (change.kind === 'incidents') this.followed.announced(change);
      if (change.kind !== 'score') continue;
      this.followed.committed(change);
      if (change.before.status !== change.after.status) this.moved(change);
    }
  }

  private moved(change: ScoreCommitted): void {
    const { matchId, before, after } = change;
    if (after.status === MatchStatus.HalfTime && before.status === MatchStatus.FirstHalf) this.atHalfTime(change);
    if (!isOver(after.status)) {
      if (after.status !== MatchStatus.FirstHalf) this.interrupted.delete(matchId);
      return;
    }
    if (this.interrupted.size >= MOST_INTERRUPTED) this.interrupted.clear();
    this.interrupted.add(matchId);
  }

  private atHalfTime({ matchId, after }: ScoreCommitted): void {
    const { kickoffs, kickoffSources, statusSinceS } = after;
    if (kickoffs.firstHalfS === null || !kickoffSources.firstHalf || statusSinceS === null) return;
    const playedS = statusSinceS - kickoffs.firstHalfS;
    const format = this.followed.formatOf(matchId);
    if (this.interrupted.has(matchId) || playedS >= leastHalfS(format)) return;
    const dispute = { matchId, format: matchFormatText(format), playedS };
    this.settings.dispute(dispute);
    this.events.write(this.logger, 'minute.format_disputed', { level: 'warn', ...dispute });
  }
}
