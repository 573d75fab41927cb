import { foldCommentary } from '../domain/commentary-list.js';
import { foldIncidents } from '../domain/incident-list.js';
import type { Commentary, Incident, MatchUpdate, Statistic } from '../domain/match-update.js';

/** What is to be written for one match: everything its updates carried since the last write. */
export interface PendingDetails {
  readonly matchId: string;
  /** our clock, unix ms: receipt of the newest update in it */
  readonly receivedAtMs: number;
  readonly statistics?: readonly Statistic[];
  readonly incidents?: readonly Incident[];
  readonly commentary?: readonly Commentary[];
}

/** Null when the update carries a score only. */
export function detailsOf(update: MatchUpdate): PendingDetails | null {
  const { matchId, receivedAtMs, statistics, incidents, commentary } = update;
  if (!statistics && !incidents && !commentary) return null;
  return { matchId, receivedAtMs, statistics, incidents, commentary };
}

/** Both as one: the newer value of each statistic, every incident and every line. */
export function joinDetails(older: PendingDetails, newer: PendingDetails): PendingDetails {
  return {
    matchId: newer.matchId,
    receivedAtMs: newer.receivedAtMs,
    statistics: join(older.statistics, newer.statistics, newestOfEachType),
    incidents: join(older.incidents, newer.incidents, (a, b) => foldIncidents(a, b).list as readonly Incident[]),
    commentary: join(older.commentary, newer.commentary, (a, b) => foldCommentary(a, b) as readonly Commentary[]),
  };
}

function join<T>(
  older: readonly T[] | undefined,
  newer: readonly T[] | undefined,
  fold: (older: readonly T[], newer: readonly T[]) => readonly T[],
): readonly T[] | undefined {
  return older && newer ? fold(older, newer) : (newer ?? older);
}

function newestOfEachType(older: readonly Statistic[], newer: readonly Statistic[]): readonly Statistic[] {
  return [...new Map([...older, ...newer].map((statistic) => [statistic.type, statistic])).values()];
}
