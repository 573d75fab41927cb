import type { SeededRandom } from '../../../test/support/seeded-random.js';

/** What a client of protocol 2 asks for, and how. */
export interface Wish {
  readonly name: 'all' | 'competition' | 'matches' | 'changing' | 'replay' | 'forger';
  readonly all: boolean;
  readonly competitions: readonly string[];
  /** asked for by id, in the beginning */
  readonly matches: readonly string[];
  /** asks for some more, and leaves some, while it is connected */
  readonly changes: boolean;
  readonly replay: boolean;
  /** says positions that nobody has, and ids that no match has */
  readonly forges: boolean;
  /** names the protocol in the address instead of sending a message first */
  readonly byAddress: boolean;
}

/** The matches that there are, with their competitions. */
export interface Fixtures {
  readonly competitionOf: ReadonlyMap<string, string>;
}

const NAMES = ['all', 'matches', 'competition', 'changing', 'all', 'replay', 'matches', 'forger'] as const;
const FEWEST_MATCHES = 6;
const MORE_MATCHES = 8;

/** The wish of the nth client: all kinds in turn, each with the protocol in the address and without. */
export function wishOf(nth: number, { competitionOf }: Fixtures, random: SeededRandom): Wish {
  const name = NAMES[nth % NAMES.length] as Wish['name'];
  const competitions = [...new Set(competitionOf.values())];
  const ids = [...competitionOf.keys()];
  const some = () => pickSome(ids, FEWEST_MATCHES + random.below(MORE_MATCHES), random);
  return {
    name,
    all: name === 'all',
    competitions: name === 'competition' ? pickSome(competitions, 2, random) : [],
    matches: name === 'all' || name === 'competition' ? [] : some(),
    changes: name === 'changing',
    replay: name === 'replay',
    forges: name === 'forger',
    byAddress: Math.floor(nth / NAMES.length) % 2 === 0,
  };
}

export function pickSome<T>(list: readonly T[], count: number, random: SeededRandom): readonly T[] {
  const rest = [...list];
  const chosen: T[] = [];
  while (chosen.length < count && rest.length > 0) chosen.push(...rest.splice(random.below(rest.length), 1));
  return chosen;
}
