import { unixSeconds } from '../../thesports/provider-time.js';
import type { KeptChange } from '../ports/change-store.js';

/** An entry of `/data/update` that can be told to somebody. */
export type ChangeEntry = Omit<KeptChange, 'fate'>;

/** What an answer of `/data/update` says. */
export interface ReadChanges {
  /** the newest per type and id */
  readonly entries: readonly ChangeEntry[];
  /** entries under a key that is no type we know */
  readonly unknown: number;
  /** entries that are none, by type */
  readonly refused: ReadonlyMap<number, number>;
}

/** 1 line-up, 2 bracket, 3 standing, 4 to 6 statistics of a season, 7 to 9 rankings, 10 animation, 11 goal line. */
export const CHANGE_TYPES = 11;

const LONGEST_ID = 255;
const MOST_ENTRIES = 20_000;
const NAMED = [
  { field: 'match_id', of: 'match' },
  { field: 'team_id', of: 'team' },
  { field: 'season_id', of: 'season' },
] as const;

/** Keys are numbers as text; whatever else stands there is counted, never thrown. */
export function readChanges(groups: ReadonlyMap<string, readonly unknown[]>): ReadChanges {
  const entries = new Map<string, ChangeEntry>();
  const refused = new Map<number, number>();
  let unknown = 0;
  for (const [key, items] of groups) {
    const type = typeOf(key);
    if (type === null) {
      unknown += items.length;
      continue;
    }
    for (const item of items) {
      const entry = entries.size < MOST_ENTRIES ? readEntry(type, item) : null;
      if (entry === null) refused.set(type, (refused.get(type) ?? 0) + 1);
      else keepNewest(entries, entry);
    }
  }
  return { entries: [...entries.values()], unknown, refused };
}

function typeOf(key: string): number | null {
  const type = /^\d{1,2}$/.test(key) ? Number(key) : 0;
  return type >= 1 && type <= CHANGE_TYPES ? type : null;
}

function readEntry(type: number, item: unknown): ChangeEntry | null {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return null;
  const fields = item as Readonly<Record<string, unknown>>;
  const updatedAtS = unixSeconds(fields.update_time);
  const named = NAMED.find(({ field }) => fields[field] !== undefined && fields[field] !== '');
  if (named) {
    const id = fields[named.field];
    return isId(id) ? { type, of: named.of, id, updatedAtS } : null;
  }
  // of something else, or of a list as a whole
  const other = Object.entries(fields).find(([name, value]) => name.endsWith('_id') && isId(value));
  return { type, of: 'other', id: (other?.[1] as string | undefined) ?? '', updatedAtS };
}

function isId(value: unknown): value is string {
  return (
    typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_ID && !/[\p{Cc}\p{Cs}]/u.test(value)
  );
}

function keepNewest(entries: Map<string, ChangeEntry>, entry: ChangeEntry): void {
  const key = `${entry.type}/${entry.id}`;
  const before = entries.get(key);
  if (!before || (entry.updatedAtS ?? 0) > (before.updatedAtS ?? 0)) entries.set(key, entry);
}
