import type { ListAnswer, ProviderItem } from '../../ports/provider-lists.js';
import { ProviderError } from '../../provider.errors.js';
import type { AnswerBody } from './http-answer.js';

type Decoded = Omit<ListAnswer, 'requestedAtMs'>;

/** One list of an answer. */
interface List {
  readonly items: ProviderItem[];
  readonly groups: Map<string, readonly unknown[]>;
  /** entries that are neither an object nor a list */
  readonly refused: number;
}

/**
 * The entries of a good answer. The provider gives lists as arrays or as objects keyed by id; what the body holds beside them,
 * `total` for one, is not trusted.
 * @throws ProviderError malformed, when the results are neither, or no entry is an object or a list
 */
export function decodeList({ results, result, results_extra }: AnswerBody, endpoint: string): Decoded {
  const told = results ?? result ?? null;
  const extra = decodeExtra(results_extra);
  if (told === null) return { items: null, groups: new Map(), ...extra };
  if (typeof told !== 'object') {
    throw new ProviderError('malformed', 'The results are no list', { endpoint });
  }
  const { items, groups, refused } = listOf(told);
  if (refused > 0 && items.length + groups.size === 0) {
    throw new ProviderError('malformed', 'Nothing of the answer can be understood', { endpoint });
  }
  return { items, groups, extra: extra.extra, refused: refused + extra.refused };
}

function decodeExtra(value: unknown): Pick<Decoded, 'extra' | 'refused'> {
  const extra = new Map<string, readonly ProviderItem[]>();
  let refusedInAll = 0;
  for (const [kind, entries] of isItem(value) ? Object.entries(value) : []) {
    if (typeof entries !== 'object' || entries === null) continue;
    const { items, groups, refused } = listOf(entries);
    extra.set(kind, items);
    refusedInAll += refused + groups.size;
  }
  return { extra, refused: refusedInAll };
}

function listOf(list: object): List {
  const entries: [key: string | null, value: unknown][] = Array.isArray(list)
    ? list.map((value) => [null, value])
    : Object.entries(list);
  const items: ProviderItem[] = [];
  const groups = new Map<string, readonly unknown[]>();
  let refused = 0;
  for (const [key, value] of entries) {
    if (isItem(value)) items.push(key === null ? value : withId(value, key));
    else if (key !== null && Array.isArray(value)) groups.set(key, value);
    else refused++;
  }
  return { items, groups, refused };
}

/** The key of an entry is its id, unless the entry says one itself. */
function withId(item: ProviderItem, key: string): ProviderItem {
  const { id } = item;
  return id === undefined || id === null || id === '' ? { ...item, id: key } : item;
}

function isItem(value: unknown): value is ProviderItem {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
