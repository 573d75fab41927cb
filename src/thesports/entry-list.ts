import type { MessageParts, Rejection } from './decoded-message.js';

const MAX_ENTRIES = 500;

/**
 * The good entries of one list; undefined when there are none. An empty or absent list carries nothing and is no
 * fault; each bad entry is refused alone. Takes the first 500.
 */
export function decodeEntries<Entry>(
  list: unknown,
  decodeEntry: (entry: unknown) => Entry | null,
  kind: Rejection['kind'],
  matchId: string,
  parts: MessageParts,
): readonly Entry[] | undefined {
  if (list === undefined || list === null) return undefined;
  if (!Array.isArray(list)) {
    parts.reject(kind, 'unknown-shape', matchId);
    return undefined;
  }
  if (list.length > MAX_ENTRIES) parts.reject(kind, 'too-many', matchId);
  const entries: Entry[] = [];
  for (let i = 0; i < list.length && i < MAX_ENTRIES; i++) {
    const entry = decodeEntry(list[i]);
    if (entry === null) parts.reject(kind, 'bad-entry', matchId);
    else entries.push(entry);
  }
  return entries.length > 0 ? entries : undefined;
}
