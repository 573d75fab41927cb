import { laterOf } from '../domain/later-of.js';
import type { KickoffSources, Kickoffs, MatchState } from '../domain/match-state.js';
import { MatchStatus } from '../domain/match-status.js';
import { higherOf } from '../domain/score.js';

const PERIODS = [
  ['firstHalfS', 'firstHalf'],
  ['secondHalfS', 'secondHalf'],
  ['overtimeS', 'overtime'],
] as const;

/**
 * A row somebody else wrote, as updates are judged against it from now on. A kick-off it erased is still known, and
 * makes the row one that must be written again; another value in place of ours is an estimate, which the feed replaces.
 * Of a row that was reverted nothing is remembered: what we knew is what was wrong.
 */
export function foreignRow(row: MatchState, known: MatchState): MatchState {
  if (isRevert(row, known)) return row;
  let { torn } = row;
  const kickoffs: { -readonly [K in keyof Kickoffs]: Kickoffs[K] } = { ...row.kickoffs };
  const kickoffSources: { -readonly [K in keyof KickoffSources]: KickoffSources[K] } = { ...row.kickoffSources };
  for (const [period, source] of PERIODS) {
    if (row.kickoffs[period] === known.kickoffs[period]) continue;
    if (row.kickoffs[period] === null) {
      kickoffs[period] = known.kickoffs[period];
      torn = true;
    } else if (row.version === known.version) delete kickoffSources[source];
  }
  return { ...row, kickoffs, kickoffSources, torn, ...remembered(row, known) };
}

/** What only memory knows: the row cannot have forgotten it, unless it is another incarnation. */
function remembered(row: MatchState, known: MatchState): Partial<MatchState> {
  if (row.epoch !== known.epoch) return {};
  return {
    peak: peakOf(row, known),
    providerTimeS: laterOf(row.providerTimeS, known.providerTimeS),
    seenAtMs: laterOf(row.seenAtMs, known.seenAtMs),
    pulledAtMs: laterOf(row.pulledAtMs, known.pulledAtMs),
  };
}

/** Of a match that began again elsewhere the old counts are none any more. */
function peakOf(row: MatchState, { reached, peak }: MatchState): MatchState['peak'] {
  if (row.reached < reached) return row.peak;
  return { home: higherOf(row.peak.home, peak.home), away: higherOf(row.peak.away, peak.away) };
}

/** Has somebody else heard the feed since? What we heard ourselves came in its order, whatever the clock said. */
export function isHeardElsewhere({ seenAtMs: rowMs }: MatchState, ours: readonly MatchState[]): boolean {
  return rowMs !== null && ours.every(({ seenAtMs }) => seenAtMs === null || seenAtMs < rowMs);
}

/** Did an operator take back what we wrote, since we knew the row? Then our last frame must not put it there again. */
export function isRevert(row: MatchState, known: MatchState): boolean {
  return row.version > known.version && row.scoreSource === 'revert' && known.scoreSource !== 'revert';
}

/**
 * Is our last frame worth judging against the row? In play always: the next frame would say the same. After the end
 * somebody else's result or new period may be news to us; only a match put back into a period it has left is not.
 */
export function mayBeOlder(row: MatchState, known: MatchState): boolean {
  return known.status !== MatchStatus.Ended || row.status <= known.reached;
}
