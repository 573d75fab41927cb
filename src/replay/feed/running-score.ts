import type { Side } from '../../domain/match-event.js';
import { MatchStatus } from '../../domain/match-status.js';
import { NO_CORNER_DATA, type Slots } from '../../domain/score.js';
import type { MatchMoment } from './match-timeline.js';

interface Counts {
  regular: number;
  halfTime: number;
  red: number;
  yellow: number;
  corners: number;
  extraTime: number;
  kicks: number;
}

const none = (): Counts => ({ regular: 0, halfTime: 0, red: 0, yellow: 0, corners: 0, extraTime: 0, kicks: 0 });

/** Counts a match as the feed does: extra time is an aggregate in a slot of its own, 0 until it begins. */
export class RunningScore {
  private readonly counts: Record<Side, Counts> = { home: none(), away: none() };
  private inExtraTime = false;

  enter(status: MatchStatus): void {
    for (const counts of Object.values(this.counts)) {
      if (status === MatchStatus.HalfTime) counts.halfTime = counts.regular;
      if (status === MatchStatus.ExtraTime) counts.extraTime = counts.regular;
    }
    if (status === MatchStatus.ExtraTime) this.inExtraTime = true;
  }

  /** @returns whether the score tuple changed */
  apply({ happening }: MatchMoment): boolean {
    switch (happening.kind) {
      case 'goal':
        this.counts[happening.goal.side][this.inExtraTime ? 'extraTime' : 'regular']++;
        return true;
      case 'corner':
        this.counts[happening.side].corners++;
        return true;
      case 'yellow-card':
        this.counts[happening.side].yellow++;
        return true;
      case 'red-card':
        this.counts[happening.side].red++;
        return true;
      case 'kick-scored':
        this.counts[happening.side].kicks++;
        return true;
      case 'phase-begins':
        return true;
      case 'substitution':
      case 'statistics':
      case 'commentary':
        return false;
      default:
        return happening satisfies never;
    }
  }

  slots(side: Side, options: { readonly withoutCorners: boolean }): Slots {
    const { regular, halfTime, red, yellow, corners, extraTime, kicks } = this.counts[side];
    return [regular, halfTime, red, yellow, options.withoutCorners ? NO_CORNER_DATA : corners, extraTime, kicks];
  }

  corners(side: Side): number {
    return this.counts[side].corners;
  }

  /** goals of regular and extra time so far */
  goals(side: Side): number {
    const { regular, extraTime } = this.counts[side];
    return this.inExtraTime ? extraTime : regular;
  }
}
