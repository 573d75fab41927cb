import type { KickoffSources, Kickoffs, MatchState } from '../domain/match-state.js';

const PERIODS = [
  ['firstHalfS', 'firstHalf'],
  ['secondHalfS', 'secondHalf'],
  ['overtimeS', 'overtime'],
] as const;

/**
 * A row somebody else wrote, as updates are judged against it from now on. A kick-off it erased is still known, and
 * makes the row one that must be written again; another value in place of ours is an estimate, which the feed replaces.
 */
export function foreignRow(row: MatchState, known: MatchState): MatchState {
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
  return { ...row, kickoffs, kickoffSources, torn };
}
