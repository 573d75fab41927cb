import { PREDICTED } from '../../../src/replay/verify/predictions.js';
import type { JournalEntry, PredictionResult, PredictionRow, RevisionRow } from '../parts/match-database.js';
import type { Finding } from './finding.js';
import { expectedResult, goalsOfPeriod } from './predicted-result.js';

/**
 * The revisions of one prediction count 1 to n, each says something else than the one before, and one of them brings the first
 * result. Each follows from a version of the journal, and from a score that was committed by then; and no version that changed
 * the result is left out.
 */
export function revisionFindings(
  { id, matchId, prediction }: PredictionRow,
  revisions: readonly RevisionRow[],
  journal: readonly JournalEntry[],
): Finding[] {
  const wrong = revisions
    .map((_, n) => orderFault(revisions, n) ?? sourceFault(prediction, revisions[n] as RevisionRow, journal))
    .filter((fault) => fault !== null);
  const skipped = wrong.length === 0 ? skippedFault(prediction, revisions, journal) : null;
  const shown = () => `Revisions: ${revisions.map(summary).join(' ')}`;
  return (skipped === null ? wrong : [skipped]).map((fault) => ({
    kind: 'wrong-settlement',
    text: `${matchId} "${prediction}" ${id}: ${fault}. ${shown()}`,
  }));
}

/** Is this the revision that brought the first result? */
export function isFirstResult(revisions: readonly RevisionRow[], n: number): boolean {
  return revisions[n]?.told === true && !revisions.slice(0, n).some(({ told }) => told);
}

/** How often a result was taken back or became another one. */
export function reversalsOf(revisions: readonly RevisionRow[]): number {
  return revisions.filter(({ result }, n) => {
    const before = revisions[n - 1]?.result ?? 'pending';
    return before !== 'pending' && before !== result;
  }).length;
}

function orderFault(revisions: readonly RevisionRow[], n: number): string | null {
  const { revision, supersedes, fingerprint, told } = revisions[n] as RevisionRow;
  const before = revisions[n - 1];
  if (revision !== n + 1) return `settled twice: revision ${revision} where ${n + 1} belongs`;
  if (supersedes !== (n === 0 ? null : n)) return `settled twice: revision ${revision} supersedes ${supersedes}`;
  if (before?.fingerprint === fingerprint) return `settled twice: revision ${revision} says what ${n} said`;
  const hasResult = revisions.slice(0, n + 1).some(({ result }) => result !== 'pending');
  return told === hasResult ? null : `settled twice: revision ${revision} is ${told ? '' : 'not '}told`;
}

function sourceFault(prediction: string, revision: RevisionRow, journal: readonly JournalEntry[]): string | null {
  const where = `from an uncommitted score: revision ${revision.revision}`;
  const known = journal.filter((entry) => isUpTo(entry, revision));
  const newest = known.at(-1);
  if (!newest || newest.epoch !== revision.epoch || newest.version !== revision.version)
    return `${where} names epoch ${revision.epoch} version ${revision.version}, which was never committed`;
  if (revision.result !== 'pending' && !isBasisOf(prediction, revision, known))
    return `${where} rests on ${revision.basis}, which was no score that decides it`;
  const committed = known.map(({ after, source }) => ({ ...after, source }));
  const expected = expectedResult(prediction, newest.after, committed);
  return revision.result === expected ? null : `${where} says ${revision.result}, its version makes it ${expected}`;
}

/** A goal that was taken back between two looks is a result and its reversal all the same. */
function skippedFault(
  prediction: string,
  revisions: readonly RevisionRow[],
  journal: readonly JournalEntry[],
): string | null {
  const committed = journal.map(({ after, source }) => ({ ...after, source }));
  const due = changes(committed.map((state, n) => expectedResult(prediction, state, committed.slice(0, n + 1))));
  const found = changes(revisions.map(({ result }) => result));
  return found === due ? null : `skipped: the journal makes it ${due || 'nothing'}, it became ${found || 'nothing'}`;
}

/** The results one after the other, from pending on. */
function changes(results: readonly PredictionResult[]): string {
  return results.filter((result, n) => result !== (results[n - 1] ?? 'pending')).join(' ');
}

function isUpTo(entry: JournalEntry, { epoch, version }: RevisionRow): boolean {
  return entry.epoch < epoch || (entry.epoch === epoch && entry.version <= version);
}

function isBasisOf(prediction: string, { basis, result }: RevisionRow, known: readonly JournalEntry[]): boolean {
  const market = PREDICTED[prediction];
  const scores = known.map(({ after }) => market && goalsOfPeriod(market.slot, after));
  return scores.some((score) => score?.join('-') === basis && market?.winner(...score) === result);
}

/** revision, result, basis and version: `2won1-0@0.7` */
function summary({ revision, result, basis, epoch, version, told }: RevisionRow): string {
  return `${revision}${result}${basis ?? ''}@${epoch}.${version}${told ? '' : ' untold'}`;
}
