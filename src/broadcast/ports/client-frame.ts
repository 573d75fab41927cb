import type { MatchClock } from '../../domain/match-minute.js';
import type { MatchStatus } from '../../domain/match-status.js';
import type { UpdateSource } from '../../domain/match-update.js';
import type { ClockFields } from './clock-fields.js';

/** Where a frame comes from, how old it is, and the clock of its match; clients that do not know these fields ignore them. */
interface Provenance extends ClockFields {
  /** `score_version` of the committed row */
  readonly version: number;
  /** incarnation of the row: versions of different epochs do not compare */
  readonly epoch: number;
  readonly source: UpdateSource | 'foreign';
  /** receipt of the feed frame that carried the change, unix ms */
  readonly receivedAt: number;
}

interface FrameBase {
  /** `external_id` of the match */
  readonly matchId: string;
  /** sending time, unix ms */
  readonly timestamp: number;
}

interface Minute {
  readonly minute: number | null;
  readonly statusId: MatchStatus;
}

interface Score {
  /** display score, shoot-out goals included */
  readonly homeScore: number;
  readonly awayScore: number;
}

interface OptimisticMinute extends Minute {
  readonly minuteText: string;
}

/** Of an incident, which tells nothing of the row. */
interface IncidentFrameBase extends FrameBase {
  /**
   * stands for the incident as it is told here, no more is to be read from it: a frame with the key of an earlier one
   * about the same match is a repeat
   */
  readonly incidentKey: string;
  /** of the match, as far as it is known; clients that do not know it ignore it */
  readonly clock?: MatchClock;
}

export interface MatchStateChangeFrame extends FrameBase, Minute, Provenance {
  readonly type: 'MATCH_STATE_CHANGE';
  /** equal to `statusId`: some clients read the one, some the other */
  readonly newStatus: MatchStatus;
  readonly optimistic: OptimisticMinute;
}

export interface ScoreChangeFrame extends FrameBase, Score, Minute, Provenance {
  readonly type: 'SCORE_CHANGE';
  readonly optimistic: Score & OptimisticMinute;
}

export interface GoalFrame extends FrameBase, Score, Minute, Provenance {
  readonly type: 'GOAL';
  /** minute of the goal as the incident tells it; null when no incident is known yet */
  readonly time: number | null;
  readonly playerId: string | null;
  readonly playerName: string | null;
  /** present and true when recovery found the goal: it is old news */
  readonly catchUp?: true;
  readonly optimistic: Score & OptimisticMinute;
}

export interface GoalCancelledFrame extends FrameBase, Score, Provenance {
  readonly type: 'GOAL_CANCELLED';
  readonly previousHomeScore: number;
  readonly previousAwayScore: number;
  readonly optimistic: null;
}

export interface MinuteUpdateFrame extends FrameBase, Minute, Provenance {
  readonly type: 'MINUTE_UPDATE';
  readonly optimistic: OptimisticMinute;
}

/** The clock of a match whose score and status did not change: its period began, or began at another time. */
export interface ClockChangeFrame extends FrameBase, Provenance {
  readonly type: 'CLOCK_CHANGE';
  readonly statusId: MatchStatus;
  readonly optimistic: null;
}

/** Added time was announced. */
export interface AddedTimeFrame extends IncidentFrameBase {
  readonly type: 'ADDED_TIME';
  /** as the incident tells it: minutes that are added, or the minute of the match at which the period is to end */
  readonly time: number;
  readonly optimistic: null;
}

export interface CardFrame extends IncidentFrameBase {
  readonly type: 'CARD';
  readonly cardType: 'YELLOW' | 'RED';
  readonly time: number;
  readonly playerId: string | null;
  readonly playerName: string | null;
  readonly optimistic: null;
}

/** A card that was told before, of another player or minute: no second card. Clients that do not know it ignore it. */
export interface CardCorrectedFrame extends Omit<CardFrame, 'type'> {
  readonly type: 'CARD_CORRECTED';
  readonly previousTime: number | null;
  readonly previousPlayerId: string | null;
  readonly previousPlayerName: string | null;
}

export interface SubstitutionFrame extends IncidentFrameBase {
  readonly type: 'SUBSTITUTION';
  readonly inPlayerId: string | null;
  readonly inPlayerName: string | null;
  readonly outPlayerId: string | null;
  readonly outPlayerName: string | null;
  readonly time: number;
  readonly optimistic: null;
}

/** A substitution that was told before, with other players or another minute. */
export interface SubstitutionCorrectedFrame extends Omit<SubstitutionFrame, 'type'> {
  readonly type: 'SUBSTITUTION_CORRECTED';
  readonly previousTime: number | null;
  readonly previousInPlayerId: string | null;
  readonly previousOutPlayerId: string | null;
}

/** What a revision of the verdict about a prediction says. */
interface PredictionFrameBase extends FrameBase {
  readonly predictionId: string;
  readonly botName: string;
  readonly prediction: string;
  readonly result: 'pending' | 'won' | 'lost' | 'cancelled';
  /** which rule spoke, for example `instant_win_ms` */
  readonly resultReason: string;
  readonly homeTeam: string;
  readonly awayTeam: string;
  /** goals of the period of the market, `2-1`; absent when nothing is known of it */
  readonly finalScore?: string;
  /** counts from 1 */
  readonly revision: number;
  /** 1 on a live score, 2 confirmed */
  readonly certainty: 1 | 2;
  readonly verdict: 'open' | 'won' | 'lost' | 'void' | 'awaiting';
  /** what happened to the match, for example `goal` or `var` */
  readonly cause: string;
}

/** The first result of a prediction: clients count it, so there is one at most. */
export interface PredictionSettledFrame extends PredictionFrameBase {
  readonly type: 'PREDICTION_SETTLED';
}

/** Every other revision: a verdict confirmed, taken back or decided otherwise. */
export interface PredictionUpdatedFrame extends PredictionFrameBase {
  readonly type: 'PREDICTION_UPDATED';
  /** what may have changed, as clients name it */
  readonly fields: readonly string[];
}

/** The match frames existing web and mobile clients read on `/ws`. */
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
