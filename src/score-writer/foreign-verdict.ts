import type { Heard } from '../domain/heard.js';
import { follows, sameContent } from '../domain/heard.js';
import type { KickoffSources, Kickoffs, MatchState } from '../domain/match-state.js';
import { isLive, isOver, MatchStatus } from '../domain/match-status.js';
import { isWordOfTheFeed } from '../domain/second-look.js';
import { type ForeignVerdict, isHeardElsewhere, isRevert } from './foreign-row.js';

/** For how long after its last word about a match the feed is believed against what other programs write. */
export const FEED_FRESH_MS = 10 * 60_000;

export interface ForeignEvidence {
  readonly row: MatchState;
  /** as it was believed to be */
  readonly known: MatchState;
  readonly heard: Heard;
  /** did the feed, or an answer of the provider, ever say what `known` says? */
  readonly isFed: boolean;
  /** sources whose stamp is an authority */
  readonly authorities: readonly string[];
  readonly nowMs: number;
}

/** One decision for all: what is told to clients, written and remembered follows from it. */
export function foreignVerdict(evidence: ForeignEvidence): ForeignVerdict {
  const { row, known, heard, isFed, authorities } = evidence;
  if (isRevert(row, known)) return 'reverted';
  if (isOlderIncarnation(row, known)) return isFed ? 'undone' : 'accepted';
  if (isByAuthority(row, known, authorities)) return 'authority';
  if (isOurs(row, known)) return 'elsewhere';
  if (!isFed) return 'accepted';
  if (sameContent(row, known)) return isDamaged(row, known) ? 'undone' : 'accepted';
  if (isWordOfTheFeed(heard, row)) return 'accepted';
  if (isLive(known.status)) return inPlay(evidence);
  return isOver(known.status) ? afterEnd(evidence) : beforeStart(evidence);
}

/** Did a person write the row, or a program that was named? The stamp must be new: it stays when others write after it. */
function isByAuthority(row: MatchState, known: MatchState, authorities: readonly string[]): boolean {
  const { origin } = row;
  if (origin?.byAuthority && row.version > known.version) return true;
  const isNamed = (source: string | null | undefined) => source != null && authorities.includes(source);
  if (isNamed(origin?.lastSource) && origin?.lastSource !== known.origin?.lastSource) return true;
  if (isNamed(row.statusSource) && isStampedAnew(row, known, 'statusSource', 'statusSinceS')) return true;
  return isNamed(row.scoreSource) && isStampedAnew(row, known, 'scoreSource', 'scoreSourceAtS');
}

function isStampedAnew(
  row: MatchState,
  known: MatchState,
  source: 'statusSource' | 'scoreSource',
  at: 'statusSinceS' | 'scoreSourceAtS',
): boolean {
  return row[source] !== known[source] || row[at] !== known[at];
}

/** A row that fell behind its own past: restored, inserted again, or of a database that lost its newest commits. */
function isOlderIncarnation(row: MatchState, known: MatchState): boolean {
  return row.epoch !== known.epoch || row.version < known.version;
}

function isOurs(row: MatchState, known: MatchState): boolean {
  const by = row.origin?.journaledBy;
  return isHeardElsewhere(row, [known]) || (row.version > known.version && by != null && by !== 'foreign');
}

/** Equal content in columns that disagree, or with a kick-off that is not what we know. */
function isDamaged(row: MatchState, known: MatchState): boolean {
  return (row.torn && !known.torn) || movedKickoffs(row.kickoffs, known);
}

/** Is a kick-off gone, or another one in the place of one that the feed or the provider gave? */
export function movedKickoffs(now: Kickoffs, { kickoffs, kickoffSources }: MatchState): boolean {
  return PERIODS.some(([period, source]) => {
    if (kickoffs[period] === null || now[period] === kickoffs[period]) return false;
    return now[period] === null || kickoffSources[source] !== undefined;
  });
}

const PERIODS: readonly [keyof Kickoffs, keyof KickoffSources][] = [
  ['firstHalfS', 'firstHalf'],
  ['secondHalfS', 'secondHalf'],
  ['overtimeS', 'overtime'],
];

/** While the feed is fresh the next frame would say the same. After that something newer may be true. */
function inPlay(evidence: ForeignEvidence): ForeignVerdict {
  const { row, known } = evidence;
  if (isFresh(evidence)) return 'undone';
  return isOver(row.status) || follows(row, known) ? 'accepted' : 'undone';
}

/**
 * No frame comes any more that would take a match out of play again: nobody puts it back into a period that it has left.
 * Another result may be news, unless it is one that the match had before and the feed has just ended it.
 */
function afterEnd(evidence: ForeignEvidence): ForeignVerdict {
  const { row, known } = evidence;
  if (known.status === MatchStatus.Ended && !isOver(row.status) && row.status <= known.reached) return 'undone';
  if (!isFresh(evidence)) return 'accepted';
  return known.status !== MatchStatus.Ended || row.origin?.isEarlier ? 'undone' : 'accepted';
}

/** Another program may see the kick-off before the feed does. */
function beforeStart(evidence: ForeignEvidence): ForeignVerdict {
  const { row, known } = evidence;
  return isFresh(evidence) && row.status <= known.status ? 'undone' : 'accepted';
}

/** Has the feed spoken of the match lately? */
export function isFresh({ known, heard, nowMs }: ForeignEvidence): boolean {
  const atMs = Math.max(known.seenAtMs ?? 0, heard.accepted?.receivedAtMs ?? 0);
  return nowMs - atMs < FEED_FRESH_MS;
}
