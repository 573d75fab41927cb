import type { Commentary } from './match-update.js';

/** An entry of the stored list: ours, or another writer's with fields of its own. */
export type StoredCommentary = Partial<Commentary>;

export const MAX_COMMENTARY = 1_000;

/**
 * The union of both lists in order of arrival, at most 1,000; a line said twice in the same minute is kept once.
 * The same array as `stored` when nothing is new.
 */
export function foldCommentary(
  stored: readonly StoredCommentary[],
  incoming: readonly Commentary[],
): readonly StoredCommentary[] {
  const known = new Set(stored.map(keyOf));
  const news = incoming.filter((line) => {
    const key = keyOf(line);
    return !known.has(key) && known.add(key);
  });
  const room = Math.max(0, MAX_COMMENTARY - stored.length);
  return news.length > 0 && room > 0 ? [...stored, ...news.slice(0, room)] : stored;
}

function keyOf({ time, data, position }: StoredCommentary): string {
  return JSON.stringify([time ?? null, data ?? null, position ?? null]);
}
