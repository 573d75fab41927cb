import type { MatchUpdate, ScoreReport } from '../domain/match-update.js';
import { displayScore, type Slots } from '../domain/score.js';
import { mergeStatistics } from '../domain/statistics-document.js';
import { ALL_LEGACY_ITEMS, type LegacyItemKind } from './ports/legacy-path.js';
import type { LegacyQueueItem } from './ports/legacy-score-path.js';

/** One side of the platform's parsed score object. */
export interface LegacySide {
  /** display score, shoot-out goals included */
  readonly score: number;
  readonly regularScore: number;
  readonly overtimeScore: number;
  readonly penaltyScore: number;
  readonly halftime: number;
  readonly redCards: number;
  readonly yellowCards: number;
  /** −1 when the feed has no corner data */
  readonly corners: number;
  readonly overtime: number;
  readonly penalty: number;
}

/** What the platform's parser made of a score tuple: `data` of a `score` item. No minute: the feed says none, and a row may have one. */
export interface LegacyScore {
  readonly matchId: string;
  readonly status: number;
  readonly statusId: number;
  /** `score[4]`, unix seconds: in truth the kick-off of the period; 0 when the feed gave none */
  readonly messageTimestamp: number;
  readonly liveKickoffTime: number | null;
  readonly kickoffTimestamp: number | null;
  readonly home: LegacySide;
  readonly away: LegacySide;
}

/**
 * The items the platform's feed handler would have put into its queue for this update, in the order score, status,
 * incidents, statistics. Each call makes new objects: the legacy path may change them.
 * @param kinds which of them are enqueued
 */
export function toLegacyItems(
  update: MatchUpdate,
  kinds: readonly LegacyItemKind[] = ALL_LEGACY_ITEMS,
): LegacyQueueItem[] {
  const { matchId, score, incidents, statistics, providerTimeS } = update;
  const ingestionTs = Math.floor(update.receivedAtMs / 1000);
  const items: LegacyQueueItem[] = [];
  const add = (type: LegacyItemKind, data: unknown) => {
    items.push({ type, data, providerUpdateTime: providerTimeS, ingestionTs });
  };
  if (score && kinds.includes('score')) add('score', toLegacyScore(matchId, score));
  if (score && kinds.includes('status')) add('status', score.status);
  if (incidents && kinds.includes('incidents')) add('incidents', structuredClone(incidents));
  if (statistics && kinds.includes('statistics')) add('statistics', mergeStatistics({}, statistics));
  return items;
}

function toLegacyScore(matchId: string, { status, home, away, periodKickoffS }: ScoreReport): LegacyScore {
  return {
    matchId,
    status,
    statusId: status,
    messageTimestamp: periodKickoffS ?? 0,
    liveKickoffTime: periodKickoffS,
    kickoffTimestamp: periodKickoffS,
    home: toLegacySide(home),
    away: toLegacySide(away),
  };
}

function toLegacySide(slots: Slots): LegacySide {
  const [regularScore, halftime, redCards, yellowCards, corners, overtimeScore, penaltyScore] = slots;
  return {
    score: displayScore(slots),
    regularScore,
    overtimeScore,
    penaltyScore,
    halftime,
    redCards,
    yellowCards,
    corners,
    overtime: overtimeScore,
    penalty: penaltyScore,
  };
}
