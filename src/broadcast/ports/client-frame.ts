// Generated from docs/protocol/*.schema.json by `npm run protocol:types`: change those, not this.
import type { MatchClock } from '../../domain/match-minute.js';
import type { MatchStatus } from '../../domain/match-status.js';
import type { UpdateSource } from '../../domain/match-update.js';

/** The status of a match changed. */
export interface MatchStateChangeFrame {
  readonly type: 'MATCH_STATE_CHANGE';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** status of the match by the provider's codes, 0–13 */
  readonly statusId: MatchStatus;
  /** equal to `statusId`: some clients read the one, some the other */
  readonly newStatus: MatchStatus;
  /** minute of the committed row; null when it has none */
  readonly minute: number | null;
  /** the same for clients that read only this */
  readonly optimistic: {
    /** minute of the committed row; null when it has none */
    readonly minute: number | null;
    /** what is shown beside the score, as `67'` or `HT`; never empty */
    readonly minuteText: string;
    /** status of the match by the provider's codes, 0–13 */
    readonly statusId: MatchStatus;
  };
  /** `score_version` of the committed row */
  readonly version: number;
  /** incarnation of the row: versions of different epochs do not compare */
  readonly epoch: number;
  /** who said so */
  readonly source: UpdateSource | 'foreign';
  /** receipt of the feed frame that carried the change, unix ms */
  readonly receivedAt: number;
  readonly clock: MatchClock;
  /** present and true when the period began at another time than was told before: its minute may go back */
  readonly kickoffCorrected?: true;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** A display score changed. */
export interface ScoreChangeFrame {
  readonly type: 'SCORE_CHANGE';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** display score, shoot-out goals included */
  readonly homeScore: number;
  /** display score, shoot-out goals included */
  readonly awayScore: number;
  /** minute of the committed row; null when it has none */
  readonly minute: number | null;
  /** status of the match by the provider's codes, 0–13 */
  readonly statusId: MatchStatus;
  /** the same for clients that read only this */
  readonly optimistic: {
    /** display score, shoot-out goals included */
    readonly homeScore: number;
    /** display score, shoot-out goals included */
    readonly awayScore: number;
    /** minute of the committed row; null when it has none */
    readonly minute: number | null;
    /** what is shown beside the score, as `67'` or `HT`; never empty */
    readonly minuteText: string;
    /** status of the match by the provider's codes, 0–13 */
    readonly statusId: MatchStatus;
  };
  /** `score_version` of the committed row */
  readonly version: number;
  /** incarnation of the row: versions of different epochs do not compare */
  readonly epoch: number;
  /** who said so */
  readonly source: UpdateSource | 'foreign';
  /** receipt of the feed frame that carried the change, unix ms */
  readonly receivedAt: number;
  readonly clock: MatchClock;
  /** present and true when the period began at another time than was told before: its minute may go back */
  readonly kickoffCorrected?: true;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** A goal was scored. A SCORE_CHANGE follows. */
export interface GoalFrame {
  readonly type: 'GOAL';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** display score, shoot-out goals included */
  readonly homeScore: number;
  /** display score, shoot-out goals included */
  readonly awayScore: number;
  /** minute of the committed row; null when it has none */
  readonly minute: number | null;
  /** status of the match by the provider's codes, 0–13 */
  readonly statusId: MatchStatus;
  /** minute of the goal as the incident tells it; null when no incident is known yet */
  readonly time: number | null;
  /** the provider's id of the player; null when not known */
  readonly playerId: string | null;
  /** name of the player; null when not known */
  readonly playerName: string | null;
  /** present and true when recovery found the goal: it is old news */
  readonly catchUp?: true;
  /** the same for clients that read only this */
  readonly optimistic: {
    /** display score, shoot-out goals included */
    readonly homeScore: number;
    /** display score, shoot-out goals included */
    readonly awayScore: number;
    /** minute of the committed row; null when it has none */
    readonly minute: number | null;
    /** what is shown beside the score, as `67'` or `HT`; never empty */
    readonly minuteText: string;
    /** status of the match by the provider's codes, 0–13 */
    readonly statusId: MatchStatus;
  };
  /** `score_version` of the committed row */
  readonly version: number;
  /** incarnation of the row: versions of different epochs do not compare */
  readonly epoch: number;
  /** who said so */
  readonly source: UpdateSource | 'foreign';
  /** receipt of the feed frame that carried the change, unix ms */
  readonly receivedAt: number;
  readonly clock: MatchClock;
  /** present and true when the period began at another time than was told before: its minute may go back */
  readonly kickoffCorrected?: true;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** A goal was taken back. A SCORE_CHANGE follows. */
export interface GoalCancelledFrame {
  readonly type: 'GOAL_CANCELLED';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** display score, shoot-out goals included */
  readonly homeScore: number;
  /** display score, shoot-out goals included */
  readonly awayScore: number;
  /** display score before */
  readonly previousHomeScore: number;
  /** display score before */
  readonly previousAwayScore: number;
  /** nothing for clients that read only this */
  readonly optimistic: null;
  /** `score_version` of the committed row */
  readonly version: number;
  /** incarnation of the row: versions of different epochs do not compare */
  readonly epoch: number;
  /** who said so */
  readonly source: UpdateSource | 'foreign';
  /** receipt of the feed frame that carried the change, unix ms */
  readonly receivedAt: number;
  readonly clock: MatchClock;
  /** present and true when the period began at another time than was told before: its minute may go back */
  readonly kickoffCorrected?: true;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** The minute of a match changed. */
export interface MinuteUpdateFrame {
  readonly type: 'MINUTE_UPDATE';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** minute of the committed row; null when it has none */
  readonly minute: number | null;
  /** status of the match by the provider's codes, 0–13 */
  readonly statusId: MatchStatus;
  /** the same for clients that read only this */
  readonly optimistic: {
    /** minute of the committed row; null when it has none */
    readonly minute: number | null;
    /** what is shown beside the score, as `67'` or `HT`; never empty */
    readonly minuteText: string;
    /** status of the match by the provider's codes, 0–13 */
    readonly statusId: MatchStatus;
  };
  /** `score_version` of the committed row */
  readonly version: number;
  /** incarnation of the row: versions of different epochs do not compare */
  readonly epoch: number;
  /** who said so */
  readonly source: UpdateSource | 'foreign';
  /** receipt of the feed frame that carried the change, unix ms */
  readonly receivedAt: number;
  readonly clock: MatchClock;
  /** present and true when the period began at another time than was told before: its minute may go back */
  readonly kickoffCorrected?: true;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** The clock of a match whose score and status did not change: its period began, or began at another time. */
export interface ClockChangeFrame {
  readonly type: 'CLOCK_CHANGE';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** status of the match by the provider's codes, 0–13 */
  readonly statusId: MatchStatus;
  /** nothing for clients that read only this */
  readonly optimistic: null;
  /** `score_version` of the committed row */
  readonly version: number;
  /** incarnation of the row: versions of different epochs do not compare */
  readonly epoch: number;
  /** who said so */
  readonly source: UpdateSource | 'foreign';
  /** receipt of the feed frame that carried the change, unix ms */
  readonly receivedAt: number;
  readonly clock: MatchClock;
  /** present and true when the period began at another time than was told before: its minute may go back */
  readonly kickoffCorrected?: true;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** Added time was announced. */
export interface AddedTimeFrame {
  readonly type: 'ADDED_TIME';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** as the incident tells it: minutes that are added, or the minute of the match at which the period is to end */
  readonly time: number;
  /**
   * stands for the incident as it is told here, no more is to be read from it: a frame with the key of an earlier one
   * about the same match is a repeat
   */
  readonly incidentKey: string;
  /** of the match, as far as it is known; clients that do not know it ignore it */
  readonly clock?: MatchClock;
  /** nothing for clients that read only this */
  readonly optimistic: null;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** A card was shown. */
export interface CardFrame {
  readonly type: 'CARD';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** a second yellow card is a red one */
  readonly cardType: 'YELLOW' | 'RED';
  /** minute of the incident */
  readonly time: number;
  /** the provider's id of the player; null when not known */
  readonly playerId: string | null;
  /** name of the player; null when not known */
  readonly playerName: string | null;
  /**
   * stands for the incident as it is told here, no more is to be read from it: a frame with the key of an earlier one
   * about the same match is a repeat
   */
  readonly incidentKey: string;
  /** of the match, as far as it is known; clients that do not know it ignore it */
  readonly clock?: MatchClock;
  /** nothing for clients that read only this */
  readonly optimistic: null;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** A card that was told before, of another player or minute: no second card. Clients that do not know it ignore it. */
export interface CardCorrectedFrame {
  readonly type: 'CARD_CORRECTED';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** a second yellow card is a red one */
  readonly cardType: 'YELLOW' | 'RED';
  /** minute of the incident */
  readonly time: number;
  /** the provider's id of the player; null when not known */
  readonly playerId: string | null;
  /** name of the player; null when not known */
  readonly playerName: string | null;
  /** minute that was told before; null when none was */
  readonly previousTime: number | null;
  /** player that was told before */
  readonly previousPlayerId: string | null;
  /** name that was told before */
  readonly previousPlayerName: string | null;
  /**
   * stands for the incident as it is told here, no more is to be read from it: a frame with the key of an earlier one
   * about the same match is a repeat
   */
  readonly incidentKey: string;
  /** of the match, as far as it is known; clients that do not know it ignore it */
  readonly clock?: MatchClock;
  /** nothing for clients that read only this */
  readonly optimistic: null;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** A player came on for another one. */
export interface SubstitutionFrame {
  readonly type: 'SUBSTITUTION';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** who comes on; null when not known */
  readonly inPlayerId: string | null;
  /** name of who comes on; null when not known */
  readonly inPlayerName: string | null;
  /** who goes off; null when not known */
  readonly outPlayerId: string | null;
  /** name of who goes off; null when not known */
  readonly outPlayerName: string | null;
  /** minute of the incident */
  readonly time: number;
  /**
   * stands for the incident as it is told here, no more is to be read from it: a frame with the key of an earlier one
   * about the same match is a repeat
   */
  readonly incidentKey: string;
  /** of the match, as far as it is known; clients that do not know it ignore it */
  readonly clock?: MatchClock;
  /** nothing for clients that read only this */
  readonly optimistic: null;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** A substitution that was told before, with other players or another minute. */
export interface SubstitutionCorrectedFrame {
  readonly type: 'SUBSTITUTION_CORRECTED';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** who comes on; null when not known */
  readonly inPlayerId: string | null;
  /** name of who comes on; null when not known */
  readonly inPlayerName: string | null;
  /** who goes off; null when not known */
  readonly outPlayerId: string | null;
  /** name of who goes off; null when not known */
  readonly outPlayerName: string | null;
  /** minute of the incident */
  readonly time: number;
  /** minute that was told before; null when none was */
  readonly previousTime: number | null;
  /** who came on, as it was told before */
  readonly previousInPlayerId: string | null;
  /** who went off, as it was told before */
  readonly previousOutPlayerId: string | null;
  /**
   * stands for the incident as it is told here, no more is to be read from it: a frame with the key of an earlier one
   * about the same match is a repeat
   */
  readonly incidentKey: string;
  /** of the match, as far as it is known; clients that do not know it ignore it */
  readonly clock?: MatchClock;
  /** nothing for clients that read only this */
  readonly optimistic: null;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** The first result of a prediction: clients count it, so there is one at most. */
export interface PredictionSettledFrame {
  readonly type: 'PREDICTION_SETTLED';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** id of the prediction */
  readonly predictionId: string;
  /** who predicted */
  readonly botName: string;
  /** the market and the side of it, as it was written: `MS 2.5 ÜST` */
  readonly prediction: string;
  /** as it stands now */
  readonly result: 'pending' | 'won' | 'lost' | 'cancelled';
  /** which rule spoke, for example `instant_win_ms` */
  readonly resultReason: string;
  /** name of the home team */
  readonly homeTeam: string;
  /** name of the away team */
  readonly awayTeam: string;
  /** goals of the period of the market, `2-1`; absent when nothing is known of it */
  readonly finalScore?: string;
  /** counts from 1 */
  readonly revision: number;
  /** 1 on a live score, 2 confirmed */
  readonly certainty: 1 | 2;
  /** what the rules say */
  readonly verdict: 'open' | 'won' | 'lost' | 'void' | 'awaiting';
  /** what happened to the match, for example `goal` or `var` */
  readonly cause: string;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** Every other revision: a verdict confirmed, taken back or decided otherwise. */
export interface PredictionUpdatedFrame {
  readonly type: 'PREDICTION_UPDATED';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** id of the prediction */
  readonly predictionId: string;
  /** who predicted */
  readonly botName: string;
  /** the market and the side of it, as it was written: `MS 2.5 ÜST` */
  readonly prediction: string;
  /** as it stands now */
  readonly result: 'pending' | 'won' | 'lost' | 'cancelled';
  /** which rule spoke, for example `instant_win_ms` */
  readonly resultReason: string;
  /** name of the home team */
  readonly homeTeam: string;
  /** name of the away team */
  readonly awayTeam: string;
  /** goals of the period of the market, `2-1`; absent when nothing is known of it */
  readonly finalScore?: string;
  /** counts from 1 */
  readonly revision: number;
  /** 1 on a live score, 2 confirmed */
  readonly certainty: 1 | 2;
  /** what the rules say */
  readonly verdict: 'open' | 'won' | 'lost' | 'void' | 'awaiting';
  /** what happened to the match, for example `goal` or `var` */
  readonly cause: string;
  /** what may have changed, as clients name it */
  readonly fields: readonly string[];
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** Existing web and mobile clients read these match frames on `/ws`. */
export type ClientFrame =
  | MatchStateChangeFrame
  | ScoreChangeFrame
  | GoalFrame
  | GoalCancelledFrame
  | MinuteUpdateFrame
  | ClockChangeFrame
  | AddedTimeFrame
  | CardFrame
  | CardCorrectedFrame
  | SubstitutionFrame
  | SubstitutionCorrectedFrame
  | PredictionSettledFrame
  | PredictionUpdatedFrame;
