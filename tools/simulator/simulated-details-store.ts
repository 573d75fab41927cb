import {
  type DetailParts,
  type DetailsChange,
  DetailsStore,
  type SaveResult,
  type StoredDetails,
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

  override load(matchId: string, _parts: DetailParts): Promise<StoredDetails | null> {
    return this.link.request('load details', () => {
      const row = this.database.row(matchId);
      if (!row) return null;
      const { revision, ...documents } = this.database.details.of(matchId);
      return { ...documents, score: { home: row.home, away: row.away }, fingerprint: String(revision) };
    });
  }

  override save(change: DetailsChange, fence: number | null = null): Promise<SaveResult> {
    return this.link.request('save details', (): SaveResult => {
      const { matchId, fingerprint, announce } = change;
      const { details, locked } = this.database;
      const { revision, ...stored } = details.of(matchId);
      const fenced = fence !== null && fence < this.database.fence;
      if (fenced || locked.has(matchId) || fingerprint !== String(revision)) return { kind: 'busy' };
      const { statistics = stored.statistics, incidents = stored.incidents, commentary = stored.commentary } = change;
      details.documents.set(matchId, { statistics, incidents, commentary, revision: revision + 1 });
      const known = details.announced.get(matchId) ?? new Set();
      details.announced.set(matchId, known);
      const fresh = announce.filter((key) => !known.has(key));
      for (const key of fresh) known.add(key);
      return { kind: 'saved', announced: fresh };
    });
  }
}
