/** One row of the journal, as far as it tells whose it is. */
export interface JournalEntry {
  readonly matchId: string;
  readonly competitionId: string | null;
  readonly epoch: number;
  readonly version: number;
  readonly source: string;
  readonly committedAtMs: number;
}

/** Changes `first` to `last` of the match are ours, meant, and nothing came after them; or why there are none. */
export type ChangesToUndo =
  | {
      readonly matchId: string;
      readonly epoch: number;
      readonly first: number;
      readonly last: number;
    }
  | { readonly matchId: string; readonly reason: 'newer-write' | 'nothing-to-do' };

/**
 * The newest run of own changes of one match. What others wrote between ours is never taken back: the run starts after it.
 * @param entries of one match, by epoch and version
 * @param isMeant whether the change is in the range asked for
 */
export function changesToUndo(
  matchId: string,
  entries: readonly JournalEntry[],
  isMeant: (entry: JournalEntry) => boolean,
): ChangesToUndo {
  const last = entries.at(-1);
  if (!last || last.source === 'revert' || !entries.some((entry) => isOwn(entry) && isMeant(entry))) {
    return { matchId, reason: 'nothing-to-do' };
  }
  let first: JournalEntry | null = null;
  for (const entry of entries.toReversed()) {
    if (!isOwn(entry) || !isMeant(entry) || entry.epoch !== last.epoch) break;
    first = entry;
  }
  if (!first) return { matchId, reason: 'newer-write' };
  return { matchId, epoch: last.epoch, first: first.version, last: last.version };
}

function isOwn({ source }: JournalEntry): boolean {
  return source !== 'foreign' && source !== 'revert';
}
