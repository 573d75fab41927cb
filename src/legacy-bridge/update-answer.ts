import type { Outcome } from '../domain/outcome.js';
import type { FieldRefusal, MappedFields } from './field-updates.js';
import type { FieldUpdate, UpdateResult } from './ports/legacy-orchestrator.js';

/** Reasons the platform's orchestrator gave, word for word: callers may compare them. */
export const NOT_FOUND = 'Match not found in database';
export const ALL_REJECTED = 'All updates rejected by conflict resolution rules';

const NOT_HERE = 'This instance does not hold the lease of the feed';
const MOVING = 'The match is moving between the legacy and the direct path';
const UNANSWERED = 'Not written in time - it may still be';
const DETAILS_OFF = 'Incidents and statistics are not kept: MatchDetailsModule is not imported';

/** What callers of the orchestrator can do something about. */
const TELLING: ReadonlySet<FieldRefusal> = new Set(['not-ours', 'not-a-value', 'other-period']);

export const internalError = (error: unknown): UpdateResult =>
  rejected(`Internal error: ${error instanceof Error ? error.message : String(error)}`);

export const rejected = (reason: string): UpdateResult => ({ status: 'rejected', reason });
const retry = (reason: string): UpdateResult => ({ status: 'retry', reason });
export const notHere = (): UpdateResult => retry(NOT_HERE);
export const moving = (): UpdateResult => retry(MOVING);
export const unanswered = (): UpdateResult => retry(UNANSWERED);

/**
 * What is wrong with the arguments; null when nothing is. A fractional time is refused by name: for days it once made
 * every update fail unseen.
 */
export function argumentProblem(updates: readonly FieldUpdate[]): string | null {
  if (!Array.isArray(updates)) return 'updates must be an array';
  for (const update of updates as readonly unknown[]) {
    if (typeof update !== 'object' || update === null) return 'every update must be an object';
    const { field, timestamp } = update as Partial<FieldUpdate>;
    if (typeof field !== 'string' || field === '') return 'every update must name its field';
    if (!Number.isSafeInteger(timestamp))
      return `timestamp of ${field} must be an integer (unix seconds), received ${String(timestamp)}`;
  }
  return null;
}

/** No field of the call can be written. */
export function answerToNothing({ refused }: MappedFields): UpdateResult {
  return rejected(refusalText(refused) ?? ALL_REJECTED);
}

/** What became of the update, in the words of the orchestrator's callers. */
export function answerTo({ kind, reason }: Outcome, { changing, refused }: MappedFields): UpdateResult {
  switch (kind) {
    case 'applied':
    case 'superseded': {
      const text = refusalText(refused);
      return { status: 'success', fieldsUpdated: changing, ...(text !== null && { reason: text }) };
    }
    case 'duplicate':
      return rejected(reason === 'details-not-kept' ? DETAILS_OFF : ALL_REJECTED);
    case 'stale':
      return reason === 'lease-lost' ? notHere() : rejected(ALL_REJECTED);
    case 'illegal':
      return rejected(ALL_REJECTED);
    case 'parked':
      return rejected(NOT_FOUND);
    case 'legacy':
    case 'shadow':
      return moving();
    case 'dead':
      return internalError(`the update cannot be written (${reason})`);
  }
}

function refusalText(refused: ReadonlyMap<string, FieldRefusal>): string | null {
  const told = [...refused].filter(([, why]) => TELLING.has(why)).map(([field, why]) => `${field} (${why})`);
  return told.length > 0 ? `Not written by the direct path: ${told.join(', ')}` : null;
}
