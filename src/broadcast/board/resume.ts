import { comparePositions, type Position } from '../ports/position.js';
import type { VersionTold } from '../ports/told.js';
import type { BoardEntry } from './board-entry.js';

/** What a client that has a position of a match is owed. */
export type Owed =
  /** it has the newest */
  | { readonly kind: 'nothing' }
  /** the newest state */
  | { readonly kind: 'state'; readonly recovered: boolean }
  /** every missed version, in order */
  | { readonly kind: 'versions'; readonly versions: readonly VersionTold[] };

/**
 * Judges how a client continues from the position that it has.
 * @param journaled versions after that position, in order, where memory does not reach back so far; asked only for `replay`
 */
export function owedTo(
  entry: BoardEntry,
  since: Position | null,
  replay: boolean,
  journaled: readonly VersionTold[] | null = null,
): Owed {
  if (!since) return { kind: 'state', recovered: true };
  if (comparePositions(since, entry.position) === 0) {
    return entry.isRestated ? { kind: 'state', recovered: true } : { kind: 'nothing' };
  }
  // another life of the row, or a version that no row has
  if (since.epoch !== entry.position.epoch || since.version > entry.position.version) {
    return { kind: 'state', recovered: false };
  }
  if (!replay) return { kind: 'state', recovered: true };
  const versions = entry.versionsAfter(since) ?? continued(journaled ?? [], since, entry);
  return versions ? { kind: 'versions', versions } : { kind: 'state', recovered: false };
}

/**
 * The versions up to the newest of the entry, if each continues the one before. What was told since the journal was read is taken
 * from memory.
 */
function continued(journaled: readonly VersionTold[], since: Position, entry: BoardEntry): VersionTold[] | null {
  const versions: VersionTold[] = [];
  let at = since;
  for (const version of journaled) {
    if (comparePositions(version.position, entry.position) > 0) break;
    if (comparePositions(version.previous, at) !== 0) return null;
    versions.push(version);
    at = version.position;
  }
  const later = versions.length > 0 ? entry.versionsAfter(at) : null;
  return later ? [...versions, ...later] : null;
}
