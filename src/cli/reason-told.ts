import { LiveScoreError } from '../kernel/livescore.errors.js';
import { reasonOf } from '../kernel/unreachable.errors.js';
import { sqlState } from '../postgres/sql-state.js';

/**
 * Why a service could not be asked, in one line.
 * @throws what is a mistake of ours
 */
export function reasonTold(error: unknown): string {
  const isTold = error instanceof LiveScoreError || sqlState(error) !== null || isConnection(error);
  if (isTold) return reasonOf(error);
  throw error;
}

const isConnection = (error: unknown): boolean =>
  error instanceof Error && ('code' in error || /connection|timeout|not queryable/i.test(error.message));
