import type { MatchStatus } from '../../domain/match-status.js';
import type { Commentary, Incident, Statistic } from '../../domain/match-update.js';
import type { Slots } from '../../domain/score.js';

export interface FrameScore {
  readonly status: MatchStatus;
  readonly home: Slots;
  readonly away: Slots;
  /** `score[4]`, unix seconds; 0 before the match */
  readonly kickoffS: number;
}

/** What the provider sends about one match at one moment, before it is put into an envelope. */
export interface MatchFrame {
  readonly matchId: string;
  /** minutes after the first kick-off */
  readonly at: number;
  /** index of the match's phase: a frame with a lower one belongs to an earlier period */
  readonly phase: number;
  readonly score?: FrameScore;
  readonly statistics?: readonly Statistic[];
  /** all incidents so far */
  readonly incidents?: readonly Incident[];
  readonly commentary?: readonly Commentary[];
}
