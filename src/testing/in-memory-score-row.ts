import { emptyMatch } from '../domain/empty-match.js';
import type { MatchState, ShownScore } from '../domain/match-state.js';
import { isLive, MatchStatus } from '../domain/match-status.js';
import type { UpdateSource } from '../domain/match-update.js';
import { displayScore, goals, higherOf, sameSlots } from '../domain/score.js';
import type { ScoreWrite } from '../score-writer/ports/score-store.js';

export { emptyMatch as emptyRow };

/** One row of `livescore_journal`. */
export interface JournalEntry {
  readonly matchId: string;
  readonly epoch: number;
  readonly version: number;
  readonly source: UpdateSource | 'revert';
  readonly catchUp: boolean;
  /** our clock, unix ms */
  readonly committedAtMs: number;
  readonly before: MatchState;
  readonly after: MatchState;
}

/** The expected version, and no newer provider time than the change brings. */
export function accepts(row: MatchState, { expectedVersion, next }: ScoreWrite): boolean {
  const fenced = row.providerTimeS !== null && row.providerTimeS > (next.providerTimeS ?? Number.NEGATIVE_INFINITY);
  return row.version === expectedVersion && !fenced;
}

/** The row after the write: provenance only where the value changed, nothing over a known minute. */
export function written(row: MatchState, { expectedVersion, next, source, atS }: ScoreWrite): MatchState {
  const moved = row.status !== next.status;
  const changed =
    moved || row.scoreSource === null || !sameSlots(row.home, next.home) || !sameSlots(row.away, next.away);
  return {
    ...next,
    version: expectedVersion + 1,
    statusSinceS: moved ? atS : row.statusSinceS,
    statusSource: moved ? source : row.statusSource,
    scoreSource: changed ? source : row.scoreSource,
    scoreSourceAtS: changed ? atS : row.scoreSourceAtS,
    minute: minuteAfter(row, next),
    shown: { home: displayScore(next.home), away: displayScore(next.away) },
    torn: false,
  };
}

/** Somebody else may have moved the minute on: within one status it never runs backwards. */
function minuteAfter(row: MatchState, next: MatchState): number | null {
  const minute = isLive(next.status) && next.status !== MatchStatus.Shootout ? next.minute : null;
  if (minute === null || row.minute === null || row.status !== next.status) return minute ?? row.minute;
  return Math.max(minute, row.minute);
}

/** Version, status, score and kick-offs, in every column readers use. */
export function sameToReaders(row: MatchState, believed: MatchState): boolean {
  return (
    !row.torn &&
    row.version === believed.version &&
    row.status === believed.status &&
    sameSlots(row.home, believed.home) &&
    sameSlots(row.away, believed.away) &&
    row.kickoffs.firstHalfS === believed.kickoffs.firstHalfS &&
    row.kickoffs.secondHalfS === believed.kickoffs.secondHalfS &&
    row.kickoffs.overtimeS === believed.kickoffs.overtimeS
  );
}

/** The row as a load shows it, with what the journal knows: incarnation and announced goals. */
export function loaded(row: MatchState, last: JournalEntry | undefined): MatchState {
  const reference = last?.after ?? row;
  return {
    ...row,
    epoch: last ? last.epoch + (row.version < last.version ? 1 : 0) : 0,
    peak: isRemembered(row, last) ? higher(row.peak, row) : { home: row.home, away: row.away },
    announced: { home: goals(reference.home), away: goals(reference.away) },
  };
}

/** The journal tells the highest counts of this incarnation, unless an operator took them back. */
function isRemembered(row: MatchState, last: JournalEntry | undefined): boolean {
  return last !== undefined && row.version >= last.version && row.scoreSource !== 'revert';
}

function higher(peak: MatchState['peak'], { home, away }: MatchState): MatchState['peak'] {
  return { home: higherOf(peak.home, home), away: higherOf(peak.away, away) };
}

/** A row changed by plain SQL: readers' columns follow unless they were changed themselves. */
export function changedElsewhere(row: MatchState, changes: Partial<MatchState>): MatchState {
  const merged = { ...row, ...changes };
  const follow: ShownScore = { home: displayScore(merged.home), away: displayScore(merged.away) };
  const shown = changes.shown ?? follow;
  return { ...merged, shown, torn: changes.torn ?? (shown.home !== follow.home || shown.away !== follow.away) };
}
