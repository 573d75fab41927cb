import { LRUCache } from 'lru-cache';
import type { ScoreCommitted } from '../contracts/committed-changes.js';
import type { Incident } from '../domain/match-update.js';
import { isAbove } from '../domain/score.js';
import type { PendingDetails } from './pending-details.js';

const MATCHES = 1_000;

/**
 * The newest list of incidents of each of the 1,000 matches heard of last. A list that came before the score fell was
 * judged by a score that counted more: it is written once more after that commit.
 */
export class LastIncidentLists {
  private readonly lists = new LRUCache<string, readonly Incident[]>({ max: MATCHES });

  heard({ matchId, incidents }: Pick<PendingDetails, 'matchId' | 'incidents'>): void {
    if (incidents) this.lists.set(matchId, incidents);
  }

  /** The list to write again after this commit; null when it tells nothing new of the match. */
  after({ matchId, before, after, committedAtMs }: ScoreCommitted): PendingDetails | null {
    const falls = isAbove(before.home, after.home) || isAbove(before.away, after.away);
    const incidents = falls ? this.lists.get(matchId) : undefined;
    return incidents ? { matchId, receivedAtMs: committedAtMs, incidents, newest: null, joined: [] } : null;
  }
}
