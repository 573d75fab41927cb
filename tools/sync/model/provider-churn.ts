import {
  PROVIDER_ENTITY_KINDS,
  type ProviderEntityKind,
  type ProviderRow,
  type ProviderStandIn,
} from '../../../src/testing/index.js';
import { SeededRandom } from '../../../test/support/seeded-random.js';

/** Values that change, of each entity; every one of them is told by every list. */
const CHANGES: Readonly<Record<ProviderEntityKind, (nth: number) => Readonly<Record<string, unknown>>>> = {
  category: (nth) => ({ name: `Category changed ${nth}` }),
  country: (nth) => ({ name: `Country changed ${nth}`, logo: `https://img.thesports.example/country/${nth}.png` }),
  competition: (nth) => ({ name: `Competition changed ${nth}`, type: nth % 4, primary_color: '#00ff00' }),
  team: (nth) => ({ name: `Team changed ${nth}`, national: nth % 2, foundation_time: 1900 + (nth % 100) }),
  player: (nth) => ({ name: `Player changed ${nth}`, team_id: nth % 3 === 0 ? '0' : `team-${nth}`, market_value: nth }),
  coach: (nth) => ({ name: `Coach changed ${nth}`, team_id: nth % 3 === 0 ? '' : `team-${nth}`, age: 30 + (nth % 40) }),
  referee: (nth) => ({ name: `Referee changed ${nth}` }),
  venue: (nth) => ({ name: `Venue changed ${nth}`, capacity: nth }),
  season: (nth) => ({ year: `${nth}`, is_current: nth % 2 }),
  stage: (nth) => ({ name: `Stage changed ${nth}`, order: nth }),
};

/** The entry with other values. @param nth no two changes are alike */
export function changed(kind: ProviderEntityKind, entry: ProviderRow, nth: number, updatedAtS: number): ProviderRow {
  return { ...entry, ...CHANGES[kind](nth), updated_at: updatedAtS };
}

/** Changes entries where they stand while lists are read. */
export class ProviderChurn {
  private readonly random: SeededRandom;
  private readonly timer: NodeJS.Timeout;
  private done = 0;

  constructor(
    private readonly provider: ProviderStandIn,
    seed: number,
    everyMs: number,
  ) {
    this.random = new SeededRandom(seed);
    this.timer = setInterval(() => this.change(), everyMs);
  }

  get changes(): number {
    return this.done;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private change(): void {
    const { entities } = this.provider;
    const kind = this.random.pick(PROVIDER_ENTITY_KINDS);
    const entry = entities.get(kind, this.random.pick(entities.ids(kind)));
    if (!entry) return;
    this.done += 1;
    entities.put(kind, [changed(kind, entry, this.done, Math.floor(Date.now() / 1_000))]);
  }
}
