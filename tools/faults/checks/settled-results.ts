import type { Frame } from '../model/match-history.js';
import type { JournalEntry, MatchRow, PredictionResult, PredictionRow, RevisionRow } from '../parts/match-database.js';
import type { Finding } from './finding.js';
import { expectedResult } from './predicted-result.js';

/** What is known of the match of a prediction. */
export interface MatchFacts {
  /** undefined when there is no row */
  readonly row: MatchRow | undefined;
  /** newest of what truly happened; undefined before the first */
  readonly truth: Frame | undefined;
  readonly journal: readonly JournalEntry[];
}

/** A prediction must have the result that the committed row gives it, and what truly happened, in its row and newest revision. */
export function resultFinding(
  { id, matchId, prediction, result }: PredictionRow,
  revisions: readonly RevisionRow[],
  { row, truth, journal }: MatchFacts,
): Finding[] {
  const newest = revisions.at(-1)?.result ?? 'pending';
  const committed = journal.map(({ after, source }) => ({ ...after, source }));
  const states = [row, truth].filter((state) => state !== undefined);
  const expected = states.map((state) => expectedResult(prediction, state, committed));
  const wrong = [result, newest].flatMap((found) => expected.map((one) => faultOf(found, one)));
  const fault = wrong.find((one) => one !== null);
  if (!fault) return [];
  const shown = states.map(({ status, home, away }) => JSON.stringify([status, home, away])).join(', in truth ');
  const text =
    `${matchId} "${prediction}" ${id}: ${fault}: is ${result}, newest revision ${newest}, ` +
    `expected ${expected.join(', in truth ')}. Row ${shown}`;
  return [{ kind: 'wrong-settlement', text }];
}

function faultOf(found: PredictionResult, expected: PredictionResult): string | null {
  if (found === expected) return null;
  return found === 'pending' ? 'pending, could be decided' : 'wrong';
}
