import { Random } from '../kernel/seeded-random.js';
import { colour, logo, named, person, sometimes, word } from './provider-catalogue-words.js';
import type { ProviderEntityKind } from './provider-entities.js';

/** Rows by entity. */
export type CatalogueSizes = Readonly<Record<ProviderEntityKind, number>>;

export interface CataloguePlace {
  readonly kind: ProviderEntityKind;
  /** from 0 */
  readonly nth: number;
  readonly seed: number;
  readonly sizes: CatalogueSizes;
  /** bounds of `updated_at`, unix seconds */
  readonly oldestS: number;
  readonly newestS: number;
}

type Fields = Readonly<Record<string, unknown>>;

const KIND_LETTERS: Readonly<Record<ProviderEntityKind, string>> = {
  category: 'kt',
  country: 'cy',
  competition: 'cp',
  team: 'tm',
  player: 'pl',
  coach: 'co',
  referee: 'rf',
  venue: 'vn',
  season: 'sn',
  stage: 'sg',
};
/** odd, so that every number below 2^32 comes to a place of its own */
const SCATTER = 2_654_435_761;
const ENDINGS = ['FC', 'United', 'City', 'SK', 'Spor', 'Athletic', 'Rovers', 'CF'] as const;
const DAY_S = 86_400;

/** Ids of 15 characters, like the provider's. */
export function catalogueId(kind: ProviderEntityKind, nth: number): string {
  const scattered = Math.imul(nth, SCATTER) >>> 0;
  return `${KIND_LETTERS[kind]}${scattered.toString(36).padStart(7, '0')}${nth.toString(36).padStart(6, '0')}`;
}

/** The fields of one row beside its id. */
export function catalogueRow(place: CataloguePlace): Fields {
  const { kind, nth, seed, sizes, oldestS, newestS } = place;
  const random = new Random(Math.imul(seed, 0x01000193) ^ Math.imul(nth + 1, 0x9e3779b1) ^ (kind.length * 7_919));
  // the first draws of neighbours are alike
  random.next();
  const of = (other: ProviderEntityKind) => catalogueId(other, random.integer(0, sizes[other] - 1));
  const fields = FIELDS[kind]({ nth, random, of, uid: () => uidOf(kind, nth, random) });
  return { ...fields, updated_at: random.integer(oldestS, newestS) };
}

interface Draw {
  readonly nth: number;
  readonly random: Random;
  /** id of some row of another entity */
  readonly of: (kind: ProviderEntityKind) => string;
  readonly uid: () => string;
}

const FIELDS: Readonly<Record<ProviderEntityKind, (draw: Draw) => Fields>> = {
  category: ({ nth, random }) => ({ name: named(random, `Category ${nth}`) }),
  country: ({ random, of }) => ({ category_id: of('category'), name: word(random, 3), logo: logo('country', random) }),
  competition: ({ nth, random, of, uid }) => ({
    category_id: of('category'),
    country_id: sometimes(random, 0.9, () => of('country')),
    name: sometimes(random, 0.98, () => `${word(random, 2)} League ${nth}`),
    short_name: sometimes(random, 0.7, () => word(random, 1).toUpperCase()),
    [random.chance(0.5) ? 'logo' : 'logo_url']: logo('competition', random),
    type: random.integer(0, 3),
    cur_season_id: of('season'),
    cur_stage_id: sometimes(random, 0.6, () => of('stage')),
    primary_color: sometimes(random, 0.8, () => colour(random)),
    secondary_color: sometimes(random, 0.8, () => colour(random)),
    uid: uid(),
  }),
  team: ({ random, of, uid }) => ({
    competition_id: of('competition'),
    country_id: sometimes(random, 0.95, () => of('country')),
    name: `${word(random, 2)} ${random.pick(ENDINGS)}`,
    short_name: sometimes(random, 0.6, () => word(random, 1).toUpperCase()),
    logo: sometimes(random, 0.9, () => logo('team', random)),
    national: Number(random.chance(0.03)),
    foundation_time: random.integer(1860, 2020),
    website: sometimes(random, 0.4, () => `https://www.${word(random, 2).toLowerCase()}.example`),
    coach_id: sometimes(random, 0.8, () => of('coach')),
    venue_id: sometimes(random, 0.8, () => of('venue')),
    uid: uid(),
  }),
  player: ({ random, of, uid }) => ({
    team_id: random.chance(0.05) ? random.pick(['0', '']) : of('team'),
    country_id: of('country'),
    ...person(random),
    logo: sometimes(random, 0.5, () => logo('player', random)),
    height: random.integer(160, 203),
    weight: random.integer(55, 100),
    market_value: random.integer(0, 900) * 100_000,
    market_value_currency: sometimes(random, 0.7, () => '€'),
    contract_until: random.integer(18_000, 22_000) * DAY_S,
    preferred_foot: random.integer(0, 3),
    position: random.pick(['F', 'M', 'D', 'G']),
    positions: [random.pick(['F', 'M', 'D', 'G']), [random.pick(['ST', 'MC', 'DC', 'GK'])]],
    ability: [[1, random.integer(30, 99), random.integer(30, 99)]],
    characteristics: [[[random.integer(1, 9), random.integer(1, 3)]], []],
    uid: uid(),
  }),
  coach: ({ random, of, uid }) => ({
    team_id: sometimes(random, 0.8, () => of('team')),
    country_id: of('country'),
    ...person(random),
    logo: sometimes(random, 0.5, () => logo('coach', random)),
    type: random.integer(1, 2),
    preferred_formation: sometimes(random, 0.6, () => random.pick(['4-4-2', '4-3-3', '3-5-2'])),
    nationality: word(random, 2),
    joined: random.integer(15_000, 20_000) * DAY_S,
    contract_until: random.integer(18_000, 22_000) * DAY_S,
    uid: uid(),
  }),
  referee: ({ random, of }) => {
    const { name, short_name, birthday } = person(random);
    return { country_id: of('country'), name, short_name, logo: '', birthday };
  },
  venue: ({ random, of }) => ({
    name: `${word(random, 2)} Stadium`,
    city: sometimes(random, 0.9, () => word(random, 2)),
    capacity: random.integer(0, 90) * 1_000,
    country_id: of('country'),
  }),
  season: ({ random, of }) => {
    const year = random.integer(2000, 2025);
    return {
      competition_id: of('competition'),
      year: random.chance(0.5) ? String(year) : `${year}-${year + 1}`,
      is_current: Number(year === 2025),
      has_table: Number(random.chance(0.8)),
      has_player_stats: Number(random.chance(0.5)),
      has_team_stats: Number(random.chance(0.5)),
      start_time: Date.UTC(year, 6, 1) / 1000,
      end_time: Date.UTC(year + 1, 5, 1) / 1000,
    };
  },
  stage: ({ random, of }) => ({
    season_id: of('season'),
    name: random.pick(['Regular Season', 'Group Stage', 'Round of 16', 'Quarter-finals', 'Final']),
    mode: random.integer(1, 2),
    group_count: random.integer(0, 8),
    round_count: random.integer(0, 38),
    order: random.integer(0, 9),
  }),
};

/** A few rows are duplicates of the one before. */
function uidOf(kind: ProviderEntityKind, nth: number, random: Random): string {
  return random.chance(0.01) && nth > 0 ? catalogueId(kind, nth - 1) : '';
}
