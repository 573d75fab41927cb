import type { ListAnswer } from '../../provider/ports/provider-lists.js';

const NOTHING: ReadonlyMap<string, readonly unknown[]> = new Map();

/** The lists by key of an answer that is an object of lists; without any key it may come as an empty list. @returns why it is none */
export function readGroups({ items, groups, refused }: ListAnswer): ReadonlyMap<string, readonly unknown[]> | string {
  if (groups.size > 0) return groups;
  if (items === null) return 'the answer has no results';
  return items.length + refused === 0 ? NOTHING : 'an object of lists was expected';
}
