import { isLive, MatchStatus } from '../match-status.js';
import type { Slots } from '../score.js';
import type { Goals } from './market.js';

/** One committed version of a match, as the journal has it. */
export interface CommittedStep {
  readonly epoch: number;
  readonly version: number;
  /** who wrote it: `mqtt`, `api`, `admin`, `revert`, `foreign` … */
  readonly source: string;
  readonly status: MatchStatus;
  /** null where the row had no readable slots */
  readonly home: Slots | null;
  readonly away: Slots | null;
  /** provider time, unix seconds */
  readonly providerTimeS: number | null;
  /** commit, database clock, unix ms */
  readonly atMs: number;
}

/** Goals of a period since the version that made them so. */
export interface Scored extends Goals {
  readonly epoch: number;
  readonly version: number;
  readonly atMs: number;
}

/** How a period ended: provisional until it stood, or somebody whose word counts said so. */
export interface PeriodEnd {
  readonly atMs: number;
  readonly certain: boolean;
  /** provider time of the newest version that its goals come from, unix seconds */
  readonly providerTimeS: number | null;
}

export interface PeriodPath {
  /** The scores that the period rose to; what was taken back is gone. The last one counts, and the first decides markets. */
  readonly trail: readonly Scored[];
  /** null while it is played, and before */
  readonly end: PeriodEnd | null;
}

/** Two halves, as nearly always; a half-time that came too early; or a format without a half-time. */
export type PeriodFormat = 'halves' | 'disputed' | 'other';

/** Out of play: since when, how, and what follows. */
export interface OutOfPlay {
  readonly sinceMs: number;
  /** 9 to 13; 8 for an end without play */
  readonly status: MatchStatus;
  /** a result of it was awarded, not played */
  readonly awarded: boolean;
  /** what is undecided is void */
  readonly final: boolean;
}

/** Why the path moved last. */
export type SettlementCause =
  | 'goal'
  | 'var'
  | 'half-time'
  | 'full-time'
  | 'stood'
  | 'resumed'
  | 'postponed'
  | 'interrupted'
  | 'abandoned'
  | 'cancelled'
  | 'awarded'
  | 'deadline'
  | 'format'
  | 'admin'
  | 'correction';

/**
 * All that verdicts of one match follow from: a fold over its committed versions, the passing of time, and what people say.
 * Plain JSON: it is stored, and the same versions make the same path.
 */
export interface SettlementPath {
  readonly epoch: number;
  readonly version: number;
  /** commit of that version, or the moment that followed it, unix ms */
  readonly atMs: number;
  readonly status: MatchStatus;
  /** it was played: seen live, known from its incidents, or an operator says so */
  readonly played: boolean;
  /** extra time or a shoot-out was reached: regular time can have no further goal */
  readonly extra: boolean;
  readonly half: PeriodPath;
  readonly match: PeriodPath;
  readonly out: OutOfPlay | null;
  readonly format: PeriodFormat;
  /** a change after the confirmation waits for somebody whose word counts */
  readonly heldBack: boolean;
  /** the full time is so old that nobody will tell a missing half-time any more */
  readonly lapsed: boolean;
  readonly cause: SettlementCause;
}

/** What is said beside the versions of the match. */
export type SettlementWord =
  | { readonly atMs: number; readonly says: 'played' | 'void' | 'accept' }
  | { readonly atMs: number; readonly says: 'format'; readonly format: PeriodFormat };

export interface SettlementLimits {
  /** for how long a full time must stand, ms: until then the match may go on */
  readonly confirmAfterMs: number;
  /** when what is undecided in a match out of play is void, ms */
  readonly voidAfterMs: number;
}

export const SETTLEMENT_LIMITS: SettlementLimits = { confirmAfterMs: 20 * 60_000, voidAfterMs: 48 * 3_600_000 };

const UNPLAYED: PeriodPath = { trail: [], end: null };
/** An answer of the provider, or an operator. */
const AUTHORITIES: ReadonlySet<string> = new Set(['api', 'admin', 'revert']);
/** Those who may say that a match is abandoned or cancelled: what others call so may be lost coverage. */
const TELLS_THE_END: ReadonlySet<string> = new Set([...AUTHORITIES, 'mqtt']);

/** The path before the first version. */
export const EMPTY_PATH: SettlementPath = {
  epoch: 0,
  version: -1,
  atMs: 0,
  status: MatchStatus.NotStarted,
  played: false,
  extra: false,
  half: UNPLAYED,
  match: UNPLAYED,
  out: null,
  format: 'halves',
  heldBack: false,
  lapsed: false,
  cause: 'correction',
};

/** The path after one more version. Time that passed in between is {@link afterTime}'s. */
export function afterStep(path: SettlementPath, step: CommittedStep): SettlementPath {
  const { epoch, version, atMs, status } = step;
  const moved = { ...path, epoch, version, atMs, status };
  if (isLive(status)) return inPlay(path, moved, step);
  if (status === MatchStatus.Ended) return ended(path, moved, step);
  if (status > MatchStatus.Ended) return outOfPlay(path, moved, step);
  return { ...moved, out: null, cause: path.out ? 'resumed' : 'correction' };
}

/** The next moment at which time alone moves the path, unix ms; null when it does not. */
export function nextMomentMs(path: SettlementPath, limits: SettlementLimits): number | null {
  const moments = [standsAtMs(path, limits), voidsAtMs(path, limits), lapsesAtMs(path, limits)];
  const known = moments.filter((atMs) => atMs !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** The path after {@link nextMomentMs} has come. */
export function afterTime(path: SettlementPath, limits: SettlementLimits): SettlementPath {
  const atMs = nextMomentMs(path, limits);
  const { match, out } = path;
  if (atMs === null) return path;
  if (match.end && atMs === standsAtMs(path, limits)) {
    return { ...path, atMs, match: { ...match, end: { ...match.end, certain: true } }, cause: 'stood' };
  }
  if (out && atMs === voidsAtMs(path, limits)) {
    return { ...path, atMs, out: { ...out, final: true }, cause: out.awarded ? 'awarded' : 'deadline' };
  }
  return { ...path, atMs, lapsed: true, cause: 'deadline' };
}

function standsAtMs({ match: { end } }: SettlementPath, { confirmAfterMs }: SettlementLimits): number | null {
  return end && !end.certain ? end.atMs + confirmAfterMs : null;
}

function voidsAtMs({ out }: SettlementPath, { voidAfterMs }: SettlementLimits): number | null {
  return out && !out.final ? out.sinceMs + voidAfterMs : null;
}

/** Half markets only: their half-time is missing, or in doubt. */
function lapsesAtMs({ match, half, format, lapsed }: SettlementPath, { voidAfterMs }: SettlementLimits): number | null {
  if (!match.end || lapsed || (half.end && format !== 'disputed')) return null;
  return match.end.atMs + voidAfterMs;
}

/** The path after somebody said something about it. */
export function afterWord(path: SettlementPath, word: SettlementWord, newest: CommittedStep | null): SettlementPath {
  const { atMs } = word;
  switch (word.says) {
    case 'format':
      return word.format === path.format ? path : { ...path, atMs, format: word.format, cause: 'format' };
    case 'void':
      return { ...path, atMs, out: { ...outOf(path, atMs), final: true }, cause: 'admin' };
    case 'played':
    case 'accept': {
      const heard: SettlementPath = { ...path, played: true, out: null, status: MatchStatus.NotStarted };
      if (!newest) return { ...heard, status: path.status, atMs };
      const said = { ...newest, source: word.says === 'accept' ? 'admin' : newest.source };
      return { ...afterStep(heard, said), atMs, heldBack: false, cause: 'admin' };
    }
  }
}

function inPlay(path: SettlementPath, moved: SettlementPath, step: CommittedStep): SettlementPath {
  const { status } = step;
  const isExtra = status === MatchStatus.ExtraTime || status === MatchStatus.Shootout;
  const half = halfAfter(path, step);
  const match = isExtra ? endedPeriod(path, step) : playedPeriod(path, step);
  return {
    ...moved,
    played: true,
    extra: isExtra || (path.extra && match.heldBack),
    lapsed: path.lapsed && match.period.end !== null,
    half: half.period,
    match: match.period,
    out: null,
    heldBack: half.heldBack || match.heldBack,
    cause: causeOf(path, half.period, match.period, step),
  };
}

function ended(path: SettlementPath, moved: SettlementPath, step: CommittedStep): SettlementPath {
  if (path.out || !path.played) {
    const out = outOf(path, step.atMs);
    return { ...moved, out: { ...out, awarded: out.awarded || !out.final }, cause: 'awarded' };
  }
  const half = halfAfter(path, step);
  const match = endedPeriod(path, step);
  return {
    ...moved,
    half: half.period,
    match: match.period,
    heldBack: half.heldBack || match.heldBack,
    cause: causeOf(path, half.period, match.period, step),
  };
}

/** Of the statuses that mean more than that the match may be played later. */
const OUT_CAUSES: Partial<Record<MatchStatus, SettlementCause>> = {
  [MatchStatus.Interrupted]: 'interrupted',
  [MatchStatus.Abandoned]: 'abandoned',
  [MatchStatus.Cancelled]: 'cancelled',
};

function outOfPlay(path: SettlementPath, moved: SettlementPath, step: CommittedStep): SettlementPath {
  const { status, atMs, source } = step;
  const isForGood = status === MatchStatus.Abandoned || status === MatchStatus.Cancelled;
  const before = path.out;
  const final = (before?.final ?? false) || (isForGood && TELLS_THE_END.has(source));
  const out = before?.final
    ? before
    : { sinceMs: before?.sinceMs ?? atMs, status, awarded: before?.awarded ?? false, final };
  // a full time that had not stood yet was none
  const match = path.match.end && !path.match.end.certain ? { ...path.match, end: null } : path.match;
  return { ...moved, match, out, cause: OUT_CAUSES[status] ?? 'postponed' };
}

function outOf({ out, status }: SettlementPath, atMs: number): OutOfPlay {
  return out ?? { sinceMs: atMs, status, awarded: false, final: false };
}

interface PeriodAfter {
  readonly period: PeriodPath;
  readonly heldBack: boolean;
}

/** Slot 0 while the first half is played, slot 1 from half-time on. */
function halfAfter(path: SettlementPath, step: CommittedStep): PeriodAfter {
  const before = path.half;
  if (step.status === MatchStatus.FirstHalf) return open(before, goalsOf(step, 0), step);
  const halfTime = goalsOf(step, 1);
  const now = goalsOf(step, 0);
  if (!halfTime || !now || isIncomplete(before, halfTime, now, step)) return { period: before, heldBack: false };
  return close(before, halfTime, step, true);
}

/** Slot 1 is not filled yet, or not at all: below what was committed in the half, and of what nobody took back. */
function isIncomplete({ trail, end }: PeriodPath, halfTime: Goals, now: Goals, step: CommittedStep): boolean {
  if (step.status === MatchStatus.HalfTime) return !isSame(halfTime, now);
  if (isBeyond(halfTime, now)) return true;
  if (AUTHORITIES.has(step.source)) return false;
  const known = trail.at(-1);
  return end === null && known !== undefined && isBeyond(known, halfTime) && !isBeyond(known, now);
}

function playedPeriod({ match }: SettlementPath, step: CommittedStep): PeriodAfter {
  return open(match, goalsOf(step, 0), step);
}

/** A rise in extra time or a shoot-out is none of regular time; the first version of them may tell a goal that nobody told. */
function endedPeriod({ match: before, extra }: SettlementPath, step: CommittedStep): PeriodAfter {
  const goals = goalsOf(step, 0);
  const known = before.trail.at(-1);
  const rises = known !== undefined && goals !== null && isBeyond(goals, known);
  const mayRise = !extra && (step.status === MatchStatus.Ended || before.end === null);
  if (rises && !mayRise && !counts(before.end, step)) return { ...close(before, null, step, false), heldBack: true };
  return close(before, goals, step, AUTHORITIES.has(step.source));
}

/** The period is being played, or is played again: only a confirmed end needs an authority to be undone. */
function open(before: PeriodPath, goals: Goals | null, step: CommittedStep): PeriodAfter {
  if (before.end?.certain && !counts(before.end, step)) return { period: before, heldBack: true };
  return { period: { trail: follow(before.trail, goals, step), end: null }, heldBack: false };
}

function close(before: PeriodPath, goals: Goals | null, step: CommittedStep, certain: boolean): PeriodAfter {
  const { end } = before;
  const trail = follow(before.trail, goals, step);
  if (trail.length === 0) return { period: before, heldBack: false };
  if (end?.certain && trail !== before.trail && !counts(end, step)) return { period: before, heldBack: true };
  // of what is held back nothing is known
  const told = goals === null && end ? null : step.providerTimeS;
  const providerTimeS = trail === before.trail ? (end?.providerTimeS ?? told) : step.providerTimeS;
  const isCertain = certain || (end?.certain ?? false);
  return {
    period: { trail, end: { atMs: end?.atMs ?? step.atMs, certain: isCertain, providerTimeS } },
    heldBack: false,
  };
}

/** May the step change what was confirmed? An authority, or provider time after that of the end, or after its commit. */
function counts(end: PeriodEnd | null, { source, providerTimeS }: CommittedStep): boolean {
  if (AUTHORITIES.has(source)) return true;
  return providerTimeS !== null && end !== null && providerTimeS > (end.providerTimeS ?? end.atMs / 1_000);
}

function follow(trail: readonly Scored[], goals: Goals | null, step: CommittedStep): readonly Scored[] {
  const known = trail.at(-1);
  if (!goals || (known && isSame(known, goals))) return trail;
  const { epoch, version, atMs } = step;
  const kept = trail.filter((scored) => !isBeyond(scored, goals));
  const last = kept.at(-1);
  if (last && isSame(last, goals)) return kept;
  return [...kept, { home: goals.home, away: goals.away, epoch, version, atMs }];
}

function goalsOf({ home, away }: CommittedStep, slot: 0 | 1): Goals | null {
  return home && away ? { home: home[slot], away: away[slot] } : null;
}

function isSame(a: Goals, b: Goals): boolean {
  return a.home === b.home && a.away === b.away;
}

/** Does either side have more goals than there? */
function isBeyond(a: Goals, b: Goals): boolean {
  return a.home > b.home || a.away > b.away;
}

function causeOf(path: SettlementPath, half: PeriodPath, match: PeriodPath, step: CommittedStep): SettlementCause {
  if (step.source === 'admin' || step.source === 'revert') return 'admin';
  if (path.out) return 'resumed';
  if (path.match.end && !match.end) return 'resumed';
  const [before, after] = [path.match.trail.at(-1), match.trail.at(-1)];
  if (before && after && isBeyond(before, after)) return 'var';
  if (!path.match.end && match.end) return 'full-time';
  if (!path.half.end && half.end) return 'half-time';
  return before !== after ? 'goal' : 'correction';
}
