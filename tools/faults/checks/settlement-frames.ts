import type { RevisionRow } from '../parts/match-database.js';
import type { SeenPrediction } from '../parts/screen.js';
import type { Finding } from './finding.js';
import { isFirstResult } from './revisions.js';

/**
 * Clients were told only of revisions that are in the table, with the same result. On each of its connections a client got the
 * first result of a prediction at most once: it counts with it.
 * @param revisions of each prediction of the round
 */
export function settlementFrameFindings(
  seen: readonly SeenPrediction[],
  revisions: ReadonlyMap<string, readonly RevisionRow[]>,
): Finding[] {
  const firsts = new Set<string>();
  return seen.flatMap((frame): Finding[] => {
    const known = revisions.get(frame.predictionId) ?? [];
    const key = `${frame.host} ${frame.connection} ${frame.predictionId}`;
    const isAgain = frame.type === 'PREDICTION_SETTLED' && firsts.has(key);
    if (frame.type === 'PREDICTION_SETTLED') firsts.add(key);
    const fault = isAgain ? 'a first result told again on one connection' : faultOf(frame, known);
    return fault ? [{ kind: 'wrong-settlement', text: `${fault}: ${JSON.stringify(frame)}` }] : [];
  });
}

function faultOf({ type, revision, result }: SeenPrediction, known: readonly RevisionRow[]): string | null {
  const nth = known.findIndex((one) => one.revision === revision);
  if (nth < 0) return 'told of a revision that was never committed';
  if (known[nth]?.result !== result) return `told another result than the revision, which says ${known[nth]?.result}`;
  const isFirst = type === 'PREDICTION_SETTLED';
  return isFirst === isFirstResult(known, nth) ? null : `told as ${isFirst ? 'the first' : 'a later'} result`;
}
