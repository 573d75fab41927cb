import type { ClientFrame } from '../../src/broadcast/ports/client-frame.js';
import { FramesAudience } from '../../test/support/frames-audience.js';

/** What a client shows of a match. */
export interface Shown {
  readonly home: number;
  readonly away: number;
  readonly statusId: number;
}

/** A frame of the platform, as far as a client reads it. */
export interface PlatformFrame {
  readonly type: 'SCORE_CHANGE' | 'MATCH_STATE_CHANGE';
  readonly matchId: string;
  readonly homeScore?: number;
  readonly awayScore?: number;
  readonly statusId?: number;
}

/** One client on a `/ws` that package and platform share: it applies every frame, in the order sent. */
export class SharedScreen extends FramesAudience {
  readonly shown = new Map<string, Shown>();
  readonly goals = new Map<string, number>();

  protected override take(frames: readonly ClientFrame[]): void {
    for (const frame of frames) this.apply(frame);
  }

  apply(frame: ClientFrame | PlatformFrame): void {
    const { matchId } = frame;
    const now = this.shown.get(matchId) ?? { home: 0, away: 0, statusId: 1 };
    if (frame.type === 'GOAL') this.goals.set(matchId, (this.goals.get(matchId) ?? 0) + 1);
    if (frame.type === 'SCORE_CHANGE' || frame.type === 'GOAL') {
      const { homeScore: home = now.home, awayScore: away = now.away, statusId = now.statusId } = frame;
      this.shown.set(matchId, { home, away, statusId });
    } else if (frame.type === 'MATCH_STATE_CHANGE' || frame.type === 'MINUTE_UPDATE') {
      this.shown.set(matchId, { ...now, statusId: frame.statusId ?? now.statusId });
    }
  }
}
