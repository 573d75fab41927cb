import { foldCommentary } from '../domain/commentary-list.js';
import type { Commentary, Statistic } from '../domain/match-update.js';
import { awaitsCommit, type PendingDetails, waitingIn } from './pending-details.js';

/** Both as one: the newer value of each statistic, the newer list of incidents, every line. */
export function joinDetails(older: PendingDetails, newer: PendingDetails): PendingDetails {
  return {
    matchId: newer.matchId,
    receivedAtMs: newer.receivedAtMs,
    statistics: join(older.statistics, newer.statistics, newestOfEachType),
    incidents: newer.incidents ?? older.incidents,
    commentary: join(older.commentary, newer.commentary, (a, b) => foldCommentary(a, b) as readonly Commentary[]),
    newest: newer.newest ?? older.newest,
    joined: [...(newer.newest ? waitingIn(older).filter(awaitsCommit) : older.joined), ...newer.joined],
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
