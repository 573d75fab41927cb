import { Injectable } from '@nestjs/common';
import type { CountedScore } from '../../../domain/incident-list.js';
import { toSlots } from '../../../platform/read-value.js';
import { Database } from '../../../postgres/database.js';
import {
  type DetailParts,
  type DetailsChange,
  DetailsStore,
  type SaveResult,
  type StoredDetails,
} from '../../ports/details-store.js';
import { LOAD_DETAILS, SAVE_DETAILS } from './details-statements.js';

interface LoadedRow {
  readonly statistics: unknown;
  readonly incidents: unknown;
  readonly commentary: unknown;
  readonly score: readonly unknown[] | null;
  readonly fingerprint: string;
}

interface SavedRow {
  readonly written: boolean;
  readonly announced: readonly string[];
}

@Injectable()
export class PgDetailsStore extends DetailsStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async load(matchId: string, parts: DetailParts): Promise<StoredDetails | null> {
    const [row] = await this.database.query<LoadedRow>(LOAD_DETAILS, [matchId, ...flags(parts)]);
    if (!row) return null;
    return {
      statistics: isObject(row.statistics) ? row.statistics : null,
      incidents: listOfObjects(row.incidents),
      commentary: listOfObjects(row.commentary),
      score: toScore(row.score),
      fingerprint: row.fingerprint,
    };
  }

  override async save(change: DetailsChange, fence: number | null = null): Promise<SaveResult> {
    const [row] = await this.database.query<SavedRow>(SAVE_DETAILS, [
      change.matchId,
      ...flags(change.parts),
      change.fingerprint,
      jsonText(change.statistics),
      jsonText(change.incidents),
      jsonText(change.commentary),
      change.announce,
      fence,
      JSON.stringify(change.withdrawn ?? []),
    ]);
    return row?.written ? { kind: 'saved', announced: row.announced } : { kind: 'busy' };
  }
}

function flags({ statistics, incidents, commentary }: DetailParts): readonly boolean[] {
  return [statistics, incidents, commentary];
}

/** JSON text also for lists: the driver would bind an array as a PostgreSQL array, and an empty one as `{}`. */
function jsonText(document: object | undefined): string | null {
  return document === undefined ? null : JSON.stringify(document);
}

function toScore(score: readonly unknown[] | null): CountedScore | null {
  const [home, away] = (score ?? []).map(toSlots);
  return home && away ? { home, away } : null;
}

function listOfObjects(document: unknown): readonly Record<string, unknown>[] | null {
  return Array.isArray(document) ? document.filter(isObject) : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
