import { LRUCache } from 'lru-cache';
import type { MatchUpdate } from '../domain/match-update.js';

const MATCHES = 5_000;

interface Newest {
  readonly providerTimeS: number | null;
  readonly receivedAtMs: number;
}

/**
 * The newest times of each match's details. Updates without a provider time are true in order of arrival; one that was
 * kept for a while counts as arrived when it was received first.
 */
export class ProviderTimes {
  private readonly newest = new LRUCache<string, Newest>({ max: MATCHES });

  /** False for an update older than one seen before; otherwise remembers its times. */
  admit({ matchId, providerTimeS, receivedAtMs }: MatchUpdate, waited: boolean | undefined): boolean {
    const newest = this.newest.get(matchId);
    if (newest) {
      if (waited && receivedAtMs < newest.receivedAtMs) return false;
      if (providerTimeS !== null && newest.providerTimeS !== null && providerTimeS < newest.providerTimeS) return false;
    }
    this.newest.set(matchId, { providerTimeS: providerTimeS ?? newest?.providerTimeS ?? null, receivedAtMs });
    return true;
  }
}
