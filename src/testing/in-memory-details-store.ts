import {
  type DetailParts,
  type DetailsChange,
  DetailsStore,
  type SaveResult,
  type StoredDetails,
} from '../match-details/ports/details-store.js';

type Documents = Omit<StoredDetails, 'fingerprint'>;

const PARTS = ['statistics', 'incidents', 'commentary'] as const;
const NONE: Documents = { statistics: null, incidents: null, commentary: null };

/** Statistics, incidents and commentary in memory, held to the same contract as PostgreSQL. */
export class InMemoryDetailsStore extends DetailsStore {
  /** fence of the lease's present term */
  fence = 0;
  /** matches whose row somebody else has locked */
  readonly locked = new Set<string>();
  private readonly documents = new Map<string, Documents>();
  private readonly announced = new Set<string>();

  /** A row without documents, or with these. */
  put(matchId: string, documents: Partial<Documents> = {}): void {
    this.documents.set(matchId, { ...NONE, ...documents });
  }

  override async load(matchId: string, parts: DetailParts): Promise<StoredDetails | null> {
    const row = this.documents.get(matchId);
    if (!row) return null;
    const shown = {
      ...NONE,
      ...Object.fromEntries(PARTS.filter((part) => parts[part]).map((part) => [part, row[part]])),
    };
    return { ...shown, fingerprint: JSON.stringify(shown) };
  }

  override async save(change: DetailsChange, fence: number | null = null): Promise<SaveResult> {
    const { matchId, parts, fingerprint, announce } = change;
    const row = this.documents.get(matchId);
    const stored = await this.load(matchId, parts);
    const isFenced = fence !== null && fence < this.fence;
    if (!row || isFenced || this.locked.has(matchId) || stored?.fingerprint !== fingerprint) return { kind: 'busy' };
    this.documents.set(matchId, {
      statistics: change.statistics ?? row.statistics,
      incidents: change.incidents ?? row.incidents,
      commentary: change.commentary ?? row.commentary,
    });
    const keys = announce.map((key) => [key, `${matchId} ${key}`] as const);
    const fresh = keys.filter(([, name]) => !this.announced.has(name));
    for (const [, name] of fresh) this.announced.add(name);
    return { kind: 'saved', announced: fresh.map(([key]) => key) };
  }
}
