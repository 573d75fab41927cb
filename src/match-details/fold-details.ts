import { foldCommentary } from '../domain/commentary-list.js';
import { type IncidentNews, incidentKey, type ReplacedIncidents, replaceIncidents } from '../domain/incident-list.js';
import { mergeStatistics } from '../domain/statistics-document.js';
import type { DetailsContent } from './pending-details.js';
import type { DetailParts, DetailsChange, StoredDetails } from './ports/details-store.js';

/** Yellow card, red card, substitution, second yellow, added time. Goals are announced from the committed score. */
const ANNOUNCED_TYPES: ReadonlySet<number> = new Set([3, 4, 9, 15, 19]);

export interface FoldedDetails {
  readonly change: DetailsChange;
  /** what `change.announce` names, by key, in the order of the feed */
  readonly news: ReadonlyMap<string, IncidentNews>;
}

export function partsOf({ statistics, incidents, commentary }: DetailsContent): DetailParts {
  return { statistics: Boolean(statistics), incidents: Boolean(incidents), commentary: Boolean(commentary) };
}

/** The documents to write; null when none differs from what is stored. */
export function foldDetails(stored: StoredDetails, pending: DetailsContent): FoldedDetails | null {
  const before = { statistics: stored.statistics ?? {}, commentary: stored.commentary ?? [] };
  const statistics = mergeStatistics(before.statistics, pending.statistics ?? []);
  const commentary = foldCommentary(before.commentary, pending.commentary ?? []);
  const incidents = pending.incidents && replaceIncidents(stored.incidents ?? [], pending.incidents, stored.score);
  const documents = {
    ...(statistics !== before.statistics && { statistics }),
    // a list that is absent or damaged is repaired even by an empty one
    ...(incidents && incidents.list !== stored.incidents && { incidents: incidents.list }),
    ...(incidents && incidents.withdrawn.length > 0 && { withdrawn: incidents.withdrawn }),
    ...(commentary !== before.commentary && { commentary }),
  };
  if (Object.keys(documents).length === 0) return null;
  const news = newsOf(incidents);
  const { matchId } = pending;
  const { fingerprint } = stored;
  const told = { announce: [...news.keys()], news: [...news.values()] };
  return { change: { matchId, parts: partsOf(pending), fingerprint, ...documents, ...told }, news };
}

function newsOf(incidents: ReplacedIncidents | undefined): ReadonlyMap<string, IncidentNews> {
  if (!incidents) return new Map();
  const told: readonly IncidentNews[] = [...incidents.fresh.map((after) => ({ after })), ...incidents.corrected];
  return new Map(
    told.filter(({ after }) => ANNOUNCED_TYPES.has(after.type)).map((one) => [incidentKey(one.after), one]),
  );
}
