/** Names of entities as `livescore_sync_deleted` has them. */
const ENTITIES = 'category country competition team player coach referee venue season stage match'.split(' ');
/** Other names that the provider may give a kind, in lower case without separators. */
const ALIASES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(ENTITIES.flatMap((name) => [name, `${name}s`].map((alias) => [alias, name]))),
  categories: 'category',
  countries: 'country',
  matches: 'match',
  coaches: 'coach',
  manager: 'coach',
  managers: 'coach',
};
const LONGEST_ID = 255;

export interface DeletedIds {
  /** entity → ids, each once */
  readonly byEntity: ReadonlyMap<string, readonly string[]>;
  /** entries of kinds that are none of ours */
  readonly unknown: number;
  /** entries without an id */
  readonly refused: number;
}

/** Reads the ids of `/deleted`: kinds in the singular or plural, entries that are ids or objects with one. */
export function readDeleted(groups: ReadonlyMap<string, readonly unknown[]>): DeletedIds {
  const byEntity = new Map<string, Set<string>>();
  let unknown = 0;
  let refused = 0;
  for (const [kind, items] of groups) {
    const entity = entityOf(kind);
    if (entity === null) unknown += items.length;
    for (const item of entity === null ? [] : items) {
      const id = idOf(item);
      if (id === null) refused += 1;
      else byEntity.set(entity as string, (byEntity.get(entity as string) ?? new Set()).add(id));
    }
  }
  return { byEntity: new Map([...byEntity].map(([entity, ids]) => [entity, [...ids]])), unknown, refused };
}

function entityOf(kind: string): string | null {
  const name = kind.trim().toLowerCase();
  return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? null) : null;
}

function idOf(item: unknown): string | null {
  const id: unknown = typeof item === 'object' && item !== null ? (item as { id?: unknown }).id : item;
  if (typeof id !== 'string' || id.trim() === '' || id.length > LONGEST_ID) return null;
  return /[\p{Cc}\p{Cs}]/u.test(id) ? null : id;
}
