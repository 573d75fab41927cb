import { LRUCache } from 'lru-cache';
import type { MatchUpdate } from '../domain/match-update.js';

const MATCHES = 5_000;

/** The newest provider time of each match's details. Updates without one are true in order of arrival. */
export class ProviderTimes {
  private readonly newest = new LRUCache<string, number>({ max: MATCHES });

  /** False for an update older than one seen before; otherwise remembers its time. */
  admit({ matchId, providerTimeS }: MatchUpdate): boolean {
    if (providerTimeS === null) return true;
    const newest = this.newest.get(matchId);
    if (newest !== undefined && providerTimeS < newest) return false;
    this.newest.set(matchId, providerTimeS);
    return true;
  }
}
