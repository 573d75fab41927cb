import type { RunEnd } from '../../domain/sync/run-facts.js';
import { sqlState } from '../../postgres/sql-state.js';
import { ProviderError } from '../../provider/provider.errors.js';
import type { JobRun } from '../job-run.js';

/**
 * How a run ends that could not go on: without credentials in the text, and without the watermark moving. What is a bug of
 * ours is thrown again.
 */
export function failed(error: unknown, { signal, counts }: JobRun): RunEnd {
  const verdict = counts.added + counts.changed + counts.deleted > 0 ? 'partial' : 'failed';
  if (signal.aborted) return { verdict, error: 'stopped' };
  if (error instanceof ProviderError) return { verdict, error: `${error.code}: ${error.message}` };
  if (error instanceof TypeError || error instanceof RangeError) throw error;
  return { verdict, error: `the database answered ${sqlState(error) ?? 'nothing'}` };
}
