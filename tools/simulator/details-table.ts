import type { StoredDetails } from '../../src/match-details/ports/details-store.js';

type Documents = Pick<StoredDetails, 'statistics' | 'incidents' | 'commentary'>;

const NONE: Documents = { statistics: null, incidents: null, commentary: null };

/** Statistics, incidents and commentary of one simulated world. */
export class DetailsTable {
  readonly documents = new Map<string, Documents & { readonly revision: number }>();
  readonly announced = new Map<string, Set<string>>();

  forget(matchId: string): void {
    this.documents.delete(matchId);
    this.announced.delete(matchId);
  }

  of(matchId: string): Documents & { readonly revision: number } {
    return this.documents.get(matchId) ?? { ...NONE, revision: 0 };
  }
}
