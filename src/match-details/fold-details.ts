import { foldCommentary } from '../domain/commentary-list.js';
import { foldIncidents, incidentKey } from '../domain/incident-list.js';
import type { Incident } from '../domain/match-update.js';
import { mergeStatistics } from '../domain/statistics-document.js';
import type { DetailsContent } from './pending-details.js';
import type { DetailParts, DetailsChange, StoredDetails } from './ports/details-store.js';

/** Yellow card, red card, substitution, second yellow. Goals are announced from the committed score. */
const ANNOUNCED_TYPES: ReadonlySet<number> = new Set([3, 4, 9, 15]);

export interface FoldedDetails {
  readonly change: DetailsChange;
  /** what `change.announce` names, by key, in the order of the feed */
  readonly news: ReadonlyMap<string, Incident>;
}

export function partsOf({ statistics, incidents, commentary }: DetailsContent): DetailParts {
  return { statistics: Boolean(statistics), incidents: Boolean(incidents), commentary: Boolean(commentary) };
}

/** The documents to write; null when none differs from what is stored. */
export function foldDetails(stored: StoredDetails, pending: DetailsContent): FoldedDetails | null {
  const before = {
    statistics: stored.statistics ?? {},
    incidents: stored.incidents ?? [],
    commentary: stored.commentary ?? [],
  };
  const statistics = mergeStatistics(before.statistics, pending.statistics ?? []);
  const incidents = foldIncidents(before.incidents, pending.incidents ?? []);
  const commentary = foldCommentary(before.commentary, pending.commentary ?? []);
  const documents = {
    ...(statistics !== before.statistics && { statistics }),
    // a list that is absent or damaged is repaired even by an empty one
    ...(pending.incidents && incidents.list !== stored.incidents && { incidents: incidents.list }),
    ...(commentary !== before.commentary && { commentary }),
  };
  if (Object.keys(documents).length === 0) return null;
  const news = new Map(
    incidents.fresh.filter(({ type }) => ANNOUNCED_TYPES.has(type)).map((one) => [incidentKey(one), one]),
  );
  const { matchId } = pending;
  const { fingerprint } = stored;
  return { change: { matchId, parts: partsOf(pending), fingerprint, ...documents, announce: [...news.keys()] }, news };
}
