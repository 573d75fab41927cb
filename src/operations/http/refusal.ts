import { LiveScoreError } from '../../kernel/livescore.errors.js';
import { sqlState } from '../../postgres/sql-state.js';
import type { RefusedAnswer } from '../facts.js';
import { RefusedError } from '../operations.errors.js';

/** The status of a failure that is ours. */
export const FAILED = 500;
const [NOT_FOUND, CONFLICT, UNAVAILABLE] = [404, 409, 503] as const;
/** What features say of a thing that is not there. */
const ABSENT: ReadonlySet<string> = new Set([
  'LIVESCORE_NO_MATCH',
  'LIVESCORE_NO_COMPETITION',
  'LIVESCORE_NO_SYNC_ENTITY',
  'LIVESCORE_NO_LETTER',
]);

/** The driver gave up waiting: an error without a code, and no mistake of ours. */
function isSilence(error: unknown): boolean {
  return error instanceof Error && error.constructor === Error;
}

/** What a request that was refused, or failed, is answered. A driver's own words may carry addresses: only its code is told. */
export function refusalOf(error: unknown): RefusedAnswer {
  if (error instanceof RefusedError) return { statusCode: error.status, code: error.code, message: error.message };
  if (error instanceof LiveScoreError) {
    return { statusCode: ABSENT.has(error.code) ? NOT_FOUND : CONFLICT, code: error.code, message: error.message };
  }
  const code = sqlState(error);
  if (code !== null || isSilence(error)) {
    const message = `the database did not do it (${code ?? 'no answer'}): whether it took effect is unknown, look again`;
    return { statusCode: UNAVAILABLE, code: 'LIVESCORE_DATABASE', message };
  }
  return { statusCode: FAILED, code: 'LIVESCORE_FAILED', message: 'it could not be answered: see the log of the host' };
}
