import { Injectable } from '@nestjs/common';
import type { CountedScore } from '../../../domain/incident-list.js';
import { isFields } from '../../../kernel/fields.js';
import { toSlots } from '../../../platform/read-value.js';
import { Database } from '../../../postgres/database.js';
import { type DetailsChange, DetailsStore, type StoredDetails, type WantedDetails } from '../../ports/details-store.js';
import { LOAD_DETAILS, SAVE_DETAILS } from './details-statements.js';

interface LoadedRow {
  readonly match_id: string;
  readonly statistics: unknown;
  readonly incidents: unknown;
  readonly commentary: unknown;
  readonly score: readonly unknown[] | null;
  readonly fingerprint: string;
}

interface SavedRow {
  readonly match_id: string;
  readonly announced: readonly string[];
}

@Injectable()
export class PgDetailsStore extends DetailsStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async load(wanted: readonly WantedDetails[]): Promise<ReadonlyMap<string, StoredDetails>> {
    const rows = await this.database.query<LoadedRow>(LOAD_DETAILS, [
      wanted.map(({ matchId }) => matchId),
      wanted.map(({ parts }) => parts.statistics),
      wanted.map(({ parts }) => parts.incidents),
      wanted.map(({ parts }) => parts.commentary),
    ]);
    return new Map(rows.map((row) => [row.match_id, toDetails(row)]));
  }

  override async save(
    changes: readonly DetailsChange[],
    fence: number | null = null,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const asked = JSON.stringify(changes.map(toRow));
    const rows = await this.database.query<SavedRow>(SAVE_DETAILS, [asked, fence]);
    return new Map(rows.map(({ match_id, announced }) => [match_id, announced]));
  }
}

function toDetails({ statistics, incidents, commentary, score, fingerprint }: LoadedRow): StoredDetails {
  return {
    statistics: isFields(statistics) ? statistics : null,
    incidents: listOfObjects(incidents),
    commentary: listOfObjects(commentary),
    score: toScore(score),
    fingerprint,
  };
}

/** Documents that are absent stay as they are. */
function toRow({ matchId, parts, fingerprint, announce, news = [], withdrawn = [], ...documents }: DetailsChange) {
  const { statistics, incidents, commentary } = documents;
  return {
    match_id: matchId,
    with_statistics: parts.statistics,
    with_incidents: parts.incidents,
    with_commentary: parts.commentary,
    fingerprint,
    statistics,
    incidents,
    commentary,
    announce,
    news,
    withdrawn,
  };
}

function toScore(score: readonly unknown[] | null): CountedScore | null {
  const [home, away] = (score ?? []).map(toSlots);
  return home && away ? { home, away } : null;
}

function listOfObjects(document: unknown): readonly Record<string, unknown>[] | null {
  return Array.isArray(document) ? document.filter(isFields) : null;
}
