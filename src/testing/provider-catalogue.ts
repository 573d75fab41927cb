import { type CatalogueSizes, catalogueId, catalogueRow } from './provider-catalogue-rows.js';
import { PROVIDER_ENTITY_KINDS, type ProviderEntityKind } from './provider-entities.js';
import type { ProviderRow } from './provider-row.js';
import type { ProviderStandIn } from './provider-stand-in.js';

/** These options say which rows {@link fillCatalogue} makes. */
export interface CatalogueOptions {
  /** rows of all ten entities together, at least 10; mostly players and teams */
  readonly rows: number;
  /** Same seed and number, same rows. @default 1 */
  readonly seed?: number;
  /** `updated_at` of the oldest row, unix seconds. @default 1,735,689,600 (2025-01-01) */
  readonly oldestS?: number;
  /** `updated_at` of the newest row, unix seconds. @default 1,766,000,000 */
  readonly newestS?: number;
}

const OLDEST_S = 1_735_689_600;
const NEWEST_S = 1_766_000_000;
/** Shares of the rows; players get what is left. Of categories and countries the world has only so many. */
const SHARES: Readonly<
  Record<Exclude<ProviderEntityKind, 'player'>, { readonly share: number; readonly most: number }>
> = {
  category: { share: 0.01, most: 8 },
  country: { share: 0.01, most: 220 },
  competition: { share: 0.012, most: Number.POSITIVE_INFINITY },
  season: { share: 0.05, most: Number.POSITIVE_INFINITY },
  stage: { share: 0.06, most: Number.POSITIVE_INFINITY },
  venue: { share: 0.04, most: Number.POSITIVE_INFINITY },
  team: { share: 0.24, most: Number.POSITIVE_INFINITY },
  coach: { share: 0.05, most: Number.POSITIVE_INFINITY },
  referee: { share: 0.02, most: Number.POSITIVE_INFINITY },
};
const AT_ONCE = 20_000;

/**
 * Fills the ten entity lists with plausible rows, empty strings, `"0"` teams and duplicates (`uid`) included; references
 * lead to rows of the catalogue.
 * @returns rows by entity
 */
export function fillCatalogue(standIn: ProviderStandIn, options: CatalogueOptions): CatalogueSizes {
  const { rows, seed = 1, oldestS = OLDEST_S, newestS = NEWEST_S } = options;
  const sizes = sizesOf(rows);
  for (const kind of PROVIDER_ENTITY_KINDS) {
    for (let first = 0; first < sizes[kind]; first += AT_ONCE) {
      const count = Math.min(AT_ONCE, sizes[kind] - first);
      const items = Array.from({ length: count }, (_, index): ProviderRow => {
        const nth = first + index;
        return { id: catalogueId(kind, nth), ...catalogueRow({ kind, nth, seed, sizes, oldestS, newestS }) };
      });
      standIn.entities.put(kind, items);
    }
  }
  return sizes;
}

function sizesOf(rows: number): CatalogueSizes {
  if (!Number.isInteger(rows) || rows < PROVIDER_ENTITY_KINDS.length) {
    throw new Error(`A catalogue has at least ${PROVIDER_ENTITY_KINDS.length} rows, received ${rows}`);
  }
  const entries = Object.entries(SHARES).map(([kind, { share, most }]): [string, number] => [
    kind,
    Math.min(most, 1 + Math.floor((rows - PROVIDER_ENTITY_KINDS.length) * share)),
  ]);
  const others = entries.reduce((sum, [, size]) => sum + size, 0);
  return { ...Object.fromEntries(entries), player: rows - others } as CatalogueSizes;
}
