import type { ProviderItem } from '../src/provider/ports/provider-lists.js';
import { catalogueId, catalogueRow } from '../src/testing/provider-catalogue-rows.js';

/** As many as the provider lists at once. */
export const PAGE_ROWS = 500;
/** Every tenth player changes. */
export const CHANGES_EVERY = 10;

const SIZES = {
  category: 8,
  country: 220,
  competition: 2_000,
  team: 20_000,
  player: 100_000,
  coach: 8_000,
  referee: 3_000,
  venue: 6_000,
  season: 8_000,
  stage: 10_000,
};
const OLDEST_S = 1_735_689_600;
const NEWEST_S = 1_766_000_000;

/** The list of players as the provider tells it. */
export interface PlayerList {
  readonly items: readonly ProviderItem[];
  readonly pages: readonly (readonly ProviderItem[])[];
}

export function playerList(rows: number): PlayerList {
  const place = { kind: 'player' as const, seed: 1, sizes: SIZES, oldestS: OLDEST_S, newestS: NEWEST_S };
  return listOf(
    Array.from({ length: rows }, (_, nth) => ({
      id: catalogueId('player', nth),
      ...catalogueRow({ ...place, nth }),
    })),
  );
}

/** The same list later: every tenth player is older, worth more, or in another team. */
export function withChanges({ items }: PlayerList): PlayerList {
  return listOf(items.map((item, nth) => (nth % CHANGES_EVERY === 0 ? changed(item, nth) : item)));
}

export function firstOf({ items }: PlayerList, rows: number): PlayerList {
  return listOf(items.slice(0, rows));
}

function changed(item: ProviderItem, nth: number): ProviderItem {
  const { age, market_value, team_id, updated_at } = item as Readonly<Record<string, number>>;
  return {
    ...item,
    age: age! + 1,
    market_value: market_value! + 100_000,
    team_id: nth % (3 * CHANGES_EVERY) === 0 ? catalogueId('team', nth) : team_id,
    updated_at: updated_at! + 86_400,
  };
}

/** Texts and numbers are what the parser of an answer makes. */
function listOf(items: readonly object[]): PlayerList {
  const parsed = JSON.parse(JSON.stringify(items)) as readonly ProviderItem[];
  const pages = Array.from({ length: Math.ceil(parsed.length / PAGE_ROWS) }, (_, page) =>
    parsed.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS),
  );
  return { items: parsed, pages };
}
