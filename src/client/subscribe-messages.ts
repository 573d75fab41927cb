import type { SubscribeMessage } from '../broadcast/ports/match-frames.js';

/** One match or competition that is asked for, or a match that is held because of another one of these. */
export interface Part {
  readonly id: string;
  /** null: held because its competition is asked for, or everything */
  readonly list: 'matches' | 'competitions' | null;
  /** position that is held */
  readonly since?: string | undefined;
}

export type Subscribe = SubscribeMessage & { readonly since: Readonly<Record<string, string>> };

/** Servers accept messages of 16,384 bytes. */
const MOST_BYTES = 12_000;
/** what stands around the lists */
const FRAME_BYTES = 200;

/**
 * The messages that ask for all of it, none longer than 12,000 bytes. The last one carries `all`; held matches that it has
 * no room for are named in those before, so that they are not sent whole.
 */
export function subscribeMessages(parts: readonly Part[], all: boolean): Subscribe[] {
  if (parts.length === 0 && !all) return [];
  const chunks = chunksOf(parts);
  return chunks.map((chunk, index) => messageOf(chunk, all, index < chunks.length - 1));
}

function chunksOf(parts: readonly Part[]): Part[][] {
  const chunks: Part[][] = [[]];
  let bytes = FRAME_BYTES;
  for (const part of parts) {
    // the id of a match stands in two lists
    const size = new TextEncoder().encode(JSON.stringify([part.id, part.id, part.since])).length;
    bytes += size;
    if (bytes > MOST_BYTES) {
      chunks.push([]);
      bytes = FRAME_BYTES + size;
    }
    chunks.at(-1)!.push(part);
  }
  return chunks;
}

function messageOf(chunk: readonly Part[], all: boolean, isEarly: boolean): Subscribe {
  const idsOf = (list: string) => {
    const own = chunk.filter((part) => (part.list ?? (isEarly && 'matches')) === list);
    return own.length > 0 ? own.map(({ id }) => id) : undefined;
  };
  return {
    type: 'SUBSCRIBE',
    matches: idsOf('matches'),
    competitions: idsOf('competitions'),
    all: (all && !isEarly) || undefined,
    since: Object.fromEntries(chunk.flatMap(({ id, since }) => (since ? [[id, since]] : []))),
  };
}
