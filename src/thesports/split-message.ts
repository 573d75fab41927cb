import { decodeItems, itemsOf } from './decode-message.js';

const ORIGIN = { source: 'mqtt', delivery: 'push', receivedAtMs: 0, requestedAtMs: null } as const;

/**
 * A message about many matches as one message for each: decoded, they say what it said. What belongs to no match for sure is in none.
 * @returns by match id; null when it is about one item, or no message at all
 */
export function splitMessage(payload: Uint8Array): ReadonlyMap<string, Uint8Array> | null {
  const message = itemsOf(parse(payload));
  if (!message || message.items.length < 2) return null;
  const byMatch = new Map<string, unknown[]>();
  for (const item of message.items) {
    const matchId = matchIdOf(item);
    const items = matchId === null ? [] : (byMatch.get(matchId) ?? []);
    items.push(item);
    if (matchId !== null) byMatch.set(matchId, items);
  }
  return new Map([...byMatch].map(([matchId, items]) => [matchId, envelope(items, message.timeS)]));
}

function matchIdOf(item: unknown): string | null {
  const { updates, rejections } = decodeItems([item], ORIGIN);
  return updates[0]?.matchId ?? rejections[0]?.matchId ?? null;
}

/** A list; where the envelope had a time, under numeric keys beside it. */
function envelope(items: readonly unknown[], timeS: number | null): Uint8Array {
  const message = timeS === null ? items : { ...items, update_time: timeS };
  return Buffer.from(JSON.stringify(message));
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8'));
  } catch {
    return null;
  }
}
