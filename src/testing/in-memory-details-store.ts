import type { IncidentNews, StoredIncident } from '../domain/incident-list.js';
import {
  type DetailsChange,
  DetailsStore,
  type StoredDetails,
  type WantedDetails,
} from '../match-details/ports/details-store.js';

type Row = Omit<StoredDetails, 'fingerprint'>;

const PARTS = ['statistics', 'incidents', 'commentary'] as const;
const NONE: Row = { statistics: null, incidents: null, commentary: null, score: null };

/** The store keeps statistics, incidents and commentary in memory, held to the same contract as PostgreSQL. */
export class InMemoryDetailsStore extends DetailsStore {
  /** fence of the lease's present term */
  fence = 0;
  /** matches whose row somebody else has locked */
  readonly locked = new Set<string>();
  /** withdrawn incidents of all matches, oldest first */
  readonly withdrawn: { readonly matchId: string; readonly incident: StoredIncident }[] = [];
  private readonly documents = new Map<string, Row>();
  /** what was announced of all matches, oldest first */
  readonly news: { readonly matchId: string; readonly key: string; readonly news: IncidentNews | null }[] = [];
  private readonly announced = new Set<string>();

  /** A row without documents and score, or with these. */
  put(matchId: string, row: Partial<Row> = {}): void {
    this.documents.set(matchId, { ...NONE, ...row });
  }

  override async load(wanted: readonly WantedDetails[]): Promise<ReadonlyMap<string, StoredDetails>> {
    const found = wanted.map((one) => [one.matchId, this.loadOne(one)] as const);
    return new Map(found.flatMap(([matchId, stored]) => (stored ? [[matchId, stored] as const] : [])));
  }

  override async save(
    changes: readonly DetailsChange[],
    fence: number | null = null,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    if (fence !== null && fence < this.fence) return new Map();
    const free = changes.filter((change) => this.mayWrite(change));
    return new Map(free.map((change) => [change.matchId, this.saveOne(change)]));
  }

  private loadOne({ matchId, parts }: WantedDetails): StoredDetails | null {
    const row = this.documents.get(matchId);
    if (!row) return null;
    const shown = {
      ...NONE,
      ...Object.fromEntries(PARTS.filter((part) => parts[part]).map((part) => [part, row[part]])),
    };
    return { ...shown, score: parts.incidents ? row.score : null, fingerprint: JSON.stringify(shown) };
  }

  private mayWrite(change: DetailsChange): boolean {
    return !this.locked.has(change.matchId) && this.loadOne(change)?.fingerprint === change.fingerprint;
  }

  private saveOne(change: DetailsChange): readonly string[] {
    const { matchId } = change;
    const row = this.documents.get(matchId) ?? NONE;
    this.documents.set(matchId, {
      ...row,
      statistics: change.statistics ?? row.statistics,
      incidents: change.incidents ?? row.incidents,
      commentary: change.commentary ?? row.commentary,
    });
    for (const incident of change.withdrawn ?? []) this.withdrawn.push({ matchId, incident });
    const keys = change.announce.map((key) => [key, `${matchId} ${key}`] as const);
    const fresh = keys.filter(([, name]) => !this.announced.has(name));
    for (const [key, name] of fresh) {
      this.announced.add(name);
      this.news.push({ matchId, key, news: change.news?.[change.announce.indexOf(key)] ?? null });
    }
    return fresh.map(([key]) => key);
  }
}
