import type { Receipt } from '../contracts/update-sink.js';
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

export function awaitsCommit({ receipt }: WaitingDetails): boolean {
  return receipt?.awaitsCommit === true;
}

/** In order of arrival. */
export function waitingIn({ joined, newest }: PendingDetails): readonly WaitingDetails[] {
  return newest ? [...joined, newest] : joined;
}
