import { laterOf } from '../domain/later-of.js';
import { FOREIGN, type KickoffSources, type Kickoffs, type MatchState } from '../domain/match-state.js';
import { isLive, isOver, MatchStatus } from '../domain/match-status.js';
import { displayScore, higherOf, sameSlots, slotsShowing } from '../domain/score.js';

/**
 * What becomes of a row that somebody else wrote:
 * `authority`: it stands, a person or a program that was named wrote it; `accepted`: it stands, nothing is known better;
 * `undone`: the row becomes again what the feed said; `elsewhere`: another process of ours wrote it, its frame and our
 * last one are judged; `reverted`: an operator took back what we wrote.
 */
export type ForeignVerdict = 'authority' | 'accepted' | 'undone' | 'elsewhere' | 'reverted';

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
export function foreignRow(row: MatchState, known: MatchState, verdict: ForeignVerdict, nowS: number): MatchState {
  switch (verdict) {
    case 'reverted':
      return row;
    case 'undone':
      return { ...toBeUndone(row, known), ...remembered(row, known) };
    case 'elsewhere':
      return { ...withKnownKickoffs(row, known, row.version === known.version), ...remembered(row, known) };
    case 'accepted':
    case 'authority': {
      const source = verdict === 'authority' ? 'admin' : FOREIGN;
      const timed = setsKickoffs(row) ? row : withOurKickoffs(row, known);
      const followed = withKnownKickoffs(arraysFollow(timed, known), known, true);
      return { ...signed(followed, known, source, nowS), ...remembered(row, known) };
    }
  }
}

/** What the feed said, over a row that somebody else wrote: the next state. */
export function restored(known: MatchState, row: MatchState): MatchState {
  const { epoch, version } = row;
  const providerTimeS = laterOf(row.providerTimeS, known.providerTimeS);
  const shown = { home: displayScore(known.home), away: displayScore(known.away) };
  const { origin: _, ...state } = known;
  return { ...state, epoch, version, providerTimeS, shown, torn: false, kickoffs: row.kickoffs };
}

/** An end that will not stand is nothing that anybody should hear of: the match is where it was. */
function toBeUndone(row: MatchState, known: MatchState): MatchState {
  const kept = withOurKickoffs(withKnownKickoffs(row, known, false), known);
  const isEnd = isOver(row.status) && isLive(known.status);
  return {
    ...kept,
    status: isEnd ? known.status : row.status,
    statusSinceS: known.statusSinceS,
    statusSource: known.statusSource,
    kickoffSources: known.kickoffSources,
    reached: known.reached,
    torn: true,
  };
}

/** Did an authority set a kick-off? Where only its stamp is known, it may be somebody else who moved one before. */
export function setsKickoffs({ origin }: MatchState): boolean {
  return origin?.byAuthority === true && origin.movedKickoffs;
}

/** A kick-off that the feed or the provider gave is written once: nobody else moves it. */
function withOurKickoffs(row: MatchState, known: MatchState): MatchState {
  const kickoffs: { -readonly [K in keyof Kickoffs]: Kickoffs[K] } = { ...row.kickoffs };
  for (const [period, source] of PERIODS) {
    if (known.kickoffs[period] !== null && known.kickoffSources[source]) kickoffs[period] = known.kickoffs[period];
  }
  return { ...row, kickoffs };
}

/** @param isForeign a kick-off that differs from ours is nobody's word */
function withKnownKickoffs(row: MatchState, known: MatchState, isForeign: boolean): MatchState {
  let { torn } = row;
  const kickoffs: { -readonly [K in keyof Kickoffs]: Kickoffs[K] } = { ...row.kickoffs };
  const kickoffSources: { -readonly [K in keyof KickoffSources]: KickoffSources[K] } = { ...row.kickoffSources };
  for (const [period, source] of PERIODS) {
    if (row.kickoffs[period] === known.kickoffs[period]) continue;
    if (row.kickoffs[period] === null) {
      kickoffs[period] = known.kickoffs[period];
      torn = true;
    } else if (isForeign) delete kickoffSources[source];
  }
  return { ...row, kickoffs, kickoffSources, torn };
}

/** What stands of somebody else's row is signed: in memory it has a source and a time, whatever its stamps say. */
function signed(row: MatchState, known: MatchState, source: string, nowS: number): MatchState {
  const isScore = !sameSlots(row.home, known.home) || !sameSlots(row.away, known.away);
  const status = row.status === known.status ? {} : { statusSource: source, statusSinceS: sinceS(row, known, nowS) };
  return { ...row, ...status, ...(isScore ? { scoreSource: source, scoreSourceAtS: nowS } : {}) };
}

/** A status set by somebody without a time of its own was set just now. */
function sinceS(row: MatchState, known: MatchState, nowS: number): number | null {
  return row.statusSinceS === known.statusSinceS ? nowS : row.statusSinceS;
}

/** Whoever changes only what readers show of a side means its score: the slots follow. */
function arraysFollow(row: MatchState, known: MatchState): MatchState {
  if (!row.torn) return row;
  const shown = asShown(row);
  return {
    ...row,
    home: sameSlots(row.home, known.home) ? shown.home : row.home,
    away: sameSlots(row.away, known.away) ? shown.away : row.away,
  };
}

/** The row with slots that say what readers are shown, where that is possible. */
export function asShown(row: MatchState): MatchState {
  const home = slotsShowing(row.home, row.shown.home);
  const away = slotsShowing(row.away, row.shown.away);
  return home && away ? { ...row, home, away } : row;
}

/** What only memory knows: the row cannot have forgotten it, unless it is another incarnation. */
function remembered(row: MatchState, known: MatchState): Partial<MatchState> {
  const announced = row.version > known.version && row.epoch === known.epoch ? row.announced : known.announced;
  if (row.epoch !== known.epoch) return { announced };
  return {
    announced,
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
