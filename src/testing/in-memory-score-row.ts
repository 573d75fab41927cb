import { emptyMatch } from '../domain/empty-match.js';
import type { MatchState, ShownScore } from '../domain/match-state.js';
import { isLive, MatchStatus } from '../domain/match-status.js';
import type { UpdateSource } from '../domain/match-update.js';
import { displayScore, goals, higherOf, sameGoals, sameSlots } from '../domain/score.js';
import type { AcceptedRow, ScoreWrite } from '../score-writer/ports/score-store.js';

export { emptyMatch as emptyRow };

/** An entry is one row of `livescore_journal`. */
export interface JournalEntry {
  readonly matchId: string;
  readonly epoch: number;
  readonly version: number;
  readonly source: UpdateSource | 'revert' | 'foreign';
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
  const { origin: _, ...state } = next;
  const changed =
    moved || row.scoreSource === null || !sameSlots(row.home, next.home) || !sameSlots(row.away, next.away);
  return {
    ...state,
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

/** Somebody else may have moved the minute on: within one status only another kick-off sets it back. */
function minuteAfter(row: MatchState, next: MatchState): number | null {
  const minute = isLive(next.status) && next.status !== MatchStatus.Shootout ? next.minute : null;
  const isAnew = row.status !== next.status || !sameKickoffs(row, next);
  if (minute === null || row.minute === null || isAnew) return minute ?? row.minute;
  return Math.max(minute, row.minute);
}

/** Version, status, score and kick-offs, in every column readers use; of a row that was loaded, as it was then. */
export function sameToReaders(row: MatchState, believed: MatchState): boolean {
  if (believed.origin) return believed.origin.fingerprint === fingerprintOf(row);
  return (
    !row.torn &&
    row.version === believed.version &&
    row.status === believed.status &&
    sameSlots(row.home, believed.home) &&
    sameSlots(row.away, believed.away) &&
    sameKickoffs(row, believed)
  );
}

function sameKickoffs({ kickoffs: a }: MatchState, { kickoffs: b }: MatchState): boolean {
  return a.firstHalfS === b.firstHalfS && a.secondHalfS === b.secondHalfS && a.overtimeS === b.overtimeS;
}

/**
 * The row as a load shows it, with what the journal knows: incarnation and announced goals.
 * @param past of the match, oldest first
 */
export function loaded(
  row: MatchState,
  last: JournalEntry | undefined,
  past: readonly JournalEntry[] = last ? [last] : [],
): MatchState {
  const own = past.filter(({ source }) => source !== 'foreign');
  const reference = own.at(-1)?.after ?? row;
  return {
    ...row,
    origin: {
      lastSource: row.origin?.lastSource ?? null,
      journaledBy: last?.version === row.version ? last.source : null,
      byAuthority: false,
      movedKickoffs: false,
      isEarlier: own.length > 0 && !sameGoals(reference, row) && own.some(({ after }) => sameGoals(after, row)),
      fingerprint: fingerprintOf(row),
    },
    epoch: last ? last.epoch + (row.version < last.version ? 1 : 0) : 0,
    peak: isRemembered(row, last) ? higher(row.peak, row) : { home: row.home, away: row.away },
    announced: { home: goals(reference.home), away: goals(reference.away) },
  };
}

/** What readers see of the row, as text. */
export function fingerprintOf({ version, status, home, away, kickoffs, shown, torn }: MatchState): string {
  return `${version}|${JSON.stringify([status, home, away, kickoffs, shown, torn])}`;
}

/** Somebody else's row as a version of ours, signed where it changed. */
export function acceptedRow(row: MatchState, { known, next, byAuthority }: AcceptedRow, atS: number): MatchState {
  const source = byAuthority ? 'admin' : 'foreign';
  const isScore = !known || !sameSlots(known.home, next.home) || !sameSlots(known.away, next.away);
  const shown = { home: displayScore(next.home), away: displayScore(next.away) };
  return {
    ...row,
    version: row.version + 1,
    ...(known?.status === next.status ? {} : { statusSource: source, statusSinceS: atS }),
    ...(isScore ? { scoreSource: source, scoreSourceAtS: atS } : {}),
    ...(byAuthority ? { home: next.home, away: next.away, shown, torn: false } : {}),
    kickoffs: next.kickoffs,
    kickoffSources: next.kickoffSources,
    reached: isLive(next.status) && next.status > row.reached ? next.status : row.reached,
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
