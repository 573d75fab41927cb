import type { ProviderDeletions } from './provider-deletions.js';
import type { ProviderRow } from './provider-row.js';
import { ProviderRowList } from './provider-row-list.js';

/** The ten entities and the lists that tell them. */
export const PROVIDER_ENTITY_LISTS = {
  category: '/category/list',
  country: '/country/list',
  competition: '/competition/additional/list',
  team: '/team/additional/list',
  player: '/player/with_stat/list',
  coach: '/coach/list',
  referee: '/referee/list',
  venue: '/venue/list',
  season: '/season/list',
  stage: '/stage/list',
} as const;

/** A kind is one of the ten entities. */
export type ProviderEntityKind = keyof typeof PROVIDER_ENTITY_LISTS;

/** The list names the ten entities. */
export const PROVIDER_ENTITY_KINDS = Object.keys(PROVIDER_ENTITY_LISTS) as readonly ProviderEntityKind[];

/** The stand-in holds rows by entity, as the lists tell them. */
export class ProviderEntities {
  private readonly lists: ReadonlyMap<ProviderEntityKind, ProviderRowList>;
  private readonly omitted = new Map<ProviderEntityKind, readonly string[]>();

  /** @internal */
  constructor(
    private readonly deletions: ProviderDeletions,
    nowMs: () => number,
  ) {
    this.lists = new Map(PROVIDER_ENTITY_KINDS.map((kind) => [kind, new ProviderRowList(nowMs)]));
  }

  /**
   * Adds rows, or replaces those of the same id. They are told as they are: a row without `updated_at` counts as changed
   * now. `/deleted` does not tell their ids any more.
   * @param to where new rows go, and at the `front` replaced ones, too
   */
  put(kind: ProviderEntityKind, items: readonly ProviderRow[], to: 'front' | 'end' = 'end'): void {
    this.list(kind).put(items, to);
    this.deletions.take(
      kind,
      items.map(({ id }) => id),
    );
  }

  /**
   * Takes rows out of the list; `/deleted` tells those that were there.
   * @param options.atMs when they were deleted, unix ms: older than 24 hours, `/deleted` is silent. @default now
   */
  delete(kind: ProviderEntityKind, ids: readonly string[], { atMs }: { readonly atMs?: number } = {}): void {
    this.deletions.add(kind, this.list(kind).delete(ids), atMs);
  }

  /** The list leaves these fields out of every row; `/team/list?team_id=` still tells them. */
  omit(kind: ProviderEntityKind, fields: readonly string[]): void {
    this.omitted.set(kind, fields);
  }

  get(kind: ProviderEntityKind, id: string): ProviderRow | null {
    return this.list(kind).get(id);
  }

  ids(kind: ProviderEntityKind): string[] {
    return this.list(kind).ids();
  }

  /** rows of one entity, or of all */
  size(kind?: ProviderEntityKind): number {
    if (kind) return this.list(kind).size;
    return PROVIDER_ENTITY_KINDS.reduce((sum, each) => sum + this.list(each).size, 0);
  }

  /** @internal */
  list(kind: ProviderEntityKind): ProviderRowList {
    const list = this.lists.get(kind);
    if (!list) throw new Error(`The provider has no entity "${kind}": one of ${PROVIDER_ENTITY_KINDS.join(', ')}`);
    return list;
  }

  /** @internal */
  omittedFields(kind: ProviderEntityKind): readonly string[] {
    return this.omitted.get(kind) ?? [];
  }
}
