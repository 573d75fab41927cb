/**
 * These settings say how the stand-in shows what it holds; what the real provider does in these points is not known or
 * not constant.
 */
export interface ProviderPresentation {
  /** rows of a page. @default 500 */
  readonly pageSize: number;
  /** `time=T` means `updated_at >= T` (`inclusive`) or `> T`. @default 'inclusive' */
  readonly timeBoundary: 'inclusive' | 'exclusive';
  /**
   * Order of a list without `time`; by insertion, a row that changes stays where it is. With `time` it is `oldest-first`,
   * or `newest-first` if that is asked for. @default 'inserted'
   */
  readonly order: 'inserted' | 'oldest-first' | 'newest-first';
  /** `results_extra` of match lists: arrays, objects keyed by id, or none. @default 'array' */
  readonly extra: 'array' | 'object' | 'none';
  /** entries of `/deleted`: ids, or objects `{ id, updated_at }`. @default 'ids' */
  readonly deletedAs: 'ids' | 'objects';
  /** how long `/deleted` tells a deletion, milliseconds. @default 86,400,000 */
  readonly deletedForMs: number;
  /** how long `/data/update` tells a change, milliseconds. @default 120,000 */
  readonly changedForMs: number;
  /** `results` of `/deleted` and `/data/update` without any entry: `{}`, or `[]` as PHP says it. @default 'object' */
  readonly emptyGroups: 'object' | 'array';
}

export const PROVIDER_PRESENTATION: ProviderPresentation = {
  pageSize: 500,
  timeBoundary: 'inclusive',
  order: 'inserted',
  extra: 'array',
  deletedAs: 'ids',
  deletedForMs: 86_400_000,
  changedForMs: 120_000,
  emptyGroups: 'object',
};

/** What a change leaves undefined stays as it is. */
export function changedPresentation(
  before: ProviderPresentation,
  change: Partial<ProviderPresentation>,
): ProviderPresentation {
  const told = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(told) };
}
