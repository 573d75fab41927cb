import type { Receipt } from '../contracts/update-sink.js';
import { foldCommentary } from '../domain/commentary-list.js';
import type { Commentary, Incident, MatchUpdate, Statistic } from '../domain/match-update.js';

/** An update whose details have no fate yet, with whom to tell. */
export interface WaitingDetails {
  readonly update: MatchUpdate;
  readonly receipt: Receipt | undefined;
}

/** What updates carry beside the score. */
export interface DetailsContent {
  readonly matchId: string;
  /** our clock, unix ms: receipt of the newest update in it */
  readonly receivedAtMs: number;
  readonly statistics?: readonly Statistic[];
  readonly incidents?: readonly Incident[];
  readonly commentary?: readonly Commentary[];
}

/** What is to be written for one match: everything its updates carried since the last write. */
export interface PendingDetails extends DetailsContent {
  /** null: a list that is written again because the score fell; nobody waits for it */
  readonly newest: WaitingDetails | null;
  /** joined into it before the newest: those that await the commit */
  readonly joined: readonly WaitingDetails[];
}

/** Null when the update carries a score only. */
export function detailsOf(update: MatchUpdate, receipt: Receipt | undefined): PendingDetails | null {
  const { matchId, receivedAtMs, statistics, incidents, commentary } = update;
  if (!statistics && !incidents && !commentary) return null;
  return { matchId, receivedAtMs, statistics, incidents, commentary, newest: { update, receipt }, joined: [] };
}

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

export function awaitsCommit({ receipt }: WaitingDetails): boolean {
  return receipt?.awaitsCommit === true;
}

/** In order of arrival. */
export function waitingIn({ joined, newest }: PendingDetails): readonly WaitingDetails[] {
  return newest ? [...joined, newest] : joined;
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
