import {
  type DetailsChange,
  DetailsStore,
  type StoredDetails,
  type WantedDetails,
} from '../../src/match-details/ports/details-store.js';
import type { DatabaseLink } from './database-link.js';
import type { SimulatedDatabase } from './simulated-database.js';

/** The details as one process reaches them. */
export class SimulatedDetailsStore extends DetailsStore {
  constructor(
    private readonly database: SimulatedDatabase,
    private readonly link: DatabaseLink,
  ) {
    super();
  }

  override load(wanted: readonly WantedDetails[]): Promise<ReadonlyMap<string, StoredDetails>> {
    return this.link.request('load details', () => {
      const found = wanted.map(({ matchId }) => [matchId, this.detailsOf(matchId)] as const);
      return new Map(found.flatMap(([matchId, stored]) => (stored ? [[matchId, stored] as const] : [])));
    });
  }

  override save(
    changes: readonly DetailsChange[],
    fence: number | null = null,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    return this.link.request('save details', () => {
      if (fence !== null && fence < this.database.fence) return new Map();
      const free = changes.filter((change) => this.mayWrite(change));
      return new Map(free.map((change) => [change.matchId, this.saveOne(change)]));
    });
  }

  private detailsOf(matchId: string): StoredDetails | null {
    const row = this.database.row(matchId);
    if (!row) return null;
    const { revision, ...documents } = this.database.details.of(matchId);
    return { ...documents, score: { home: row.home, away: row.away }, fingerprint: String(revision) };
  }

  private mayWrite({ matchId, fingerprint }: DetailsChange): boolean {
    const { details, locked } = this.database;
    return !locked.has(matchId) && fingerprint === String(details.of(matchId).revision);
  }

  private saveOne(change: DetailsChange): readonly string[] {
    const { matchId, announce } = change;
    const { details } = this.database;
    const { revision, ...stored } = details.of(matchId);
    const { statistics = stored.statistics, incidents = stored.incidents, commentary = stored.commentary } = change;
    details.documents.set(matchId, { statistics, incidents, commentary, revision: revision + 1 });
    const known = details.announced.get(matchId) ?? new Set();
    details.announced.set(matchId, known);
    const fresh = announce.filter((key) => !known.has(key));
    for (const key of fresh) known.add(key);
    return fresh;
  }
}
