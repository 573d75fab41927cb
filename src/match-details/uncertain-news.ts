import { LRUCache } from 'lru-cache';
import { type IncidentNews, incidentKey } from '../domain/incident-list.js';
import type { FoldedDetails } from './fold-details.js';
import type { StoredDetails } from './ports/details-store.js';

const MATCHES = 1_000;

/**
 * What the incidents of failed saves told: such a save may have been committed, and only its answer was lost. Then the next
 * one finds their keys announced, by nobody who told them.
 */
export class UncertainNews {
  private readonly byMatch = new LRUCache<string, ReadonlyMap<string, IncidentNews>>({ max: MATCHES });

  /** The save failed. */
  doubt(changes: Iterable<FoldedDetails>): void {
    for (const { change, news } of changes) if (news.size > 0) this.byMatch.set(change.matchId, news);
  }

  /** What was committed after all, for the row holds it. @param stored read since, incidents included */
  settle(matchId: string, stored: StoredDetails): readonly IncidentNews[] {
    const news = this.byMatch.get(matchId);
    if (!news) return [];
    this.byMatch.delete(matchId);
    const held = new Set((stored.incidents ?? []).map(incidentKey));
    return [...news].flatMap(([key, one]) => (held.has(key) ? [one] : []));
  }
}
