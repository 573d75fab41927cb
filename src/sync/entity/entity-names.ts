import { ENTITIES } from './list/index.js';

/** Lists of the provider: they can be compared. Parents first. */
export const LISTS: readonly string[] = ENTITIES.map(({ name }) => name);
/** Look after rows of teams one by one. */
const SINGLE_ROWS = ['team-data', 'team-logo'];

/** Those of the twelve entities that hosts keep, parents first. The jobs of the match side are not among them. */
export function entitiesOf(known: readonly string[]): readonly string[] {
  return [...LISTS, ...SINGLE_ROWS].filter((name) => known.includes(name));
}

/** Those of them that can be compared. */
export function listsOf(known: readonly string[]): readonly string[] {
  return LISTS.filter((name) => known.includes(name));
}
