import { Injectable, Optional } from '@nestjs/common';
import { MatchRouter } from '../../contracts/match-router.js';
import { MatchTimes, STANDARD_TIMES } from '../../contracts/match-times.js';
import type { MatchFormat } from '../../domain/match-format.js';
import { MatchActivity, NOTHING_HEARD } from '../../mqtt-ingest/ports/match-activity.js';
import { LiveLists } from './live-lists.js';

/**
 * The views are what others know of the matches beside their rows, each of them absent where nobody knows: when the feed spoke of
 * one last, its format, the path that its updates take, and which the provider lists as live. Answers from memory.
 */
@Injectable()
export class MatchViews {
  constructor(
    @Optional() private readonly activity: MatchActivity = NOTHING_HEARD,
    @Optional() private readonly times: MatchTimes = STANDARD_TIMES,
    @Optional() private readonly router?: MatchRouter,
    @Optional() private readonly lists?: LiveLists,
  ) {}

  /** Does any match go another way than the legacy one? */
  get isActive(): boolean {
    return this.router?.active !== false;
  }

  /** Does the match go the direct way, and stay there? */
  isOurs(matchId: string): boolean {
    return !this.router || (this.router.routeOf(matchId) === 'direct' && !this.router.isMoving(matchId));
  }

  /** The feed's last word about the match, our clock, unix ms; null when it has not mentioned it lately. */
  lastPushAtMs(matchId: string): number | null {
    return this.activity.lastPushAtMs(matchId);
  }

  /** Lengths of its periods; null while they are in doubt. */
  formatOf(matchId: string): MatchFormat | null {
    return this.times.isFormatDisputed(matchId) ? null : this.times.formatOf(matchId);
  }

  /** These are live by their rows: they are compared with the provider's list. */
  compareLive(matchIds: readonly string[]): void {
    this.lists?.rows(matchIds);
  }
}
