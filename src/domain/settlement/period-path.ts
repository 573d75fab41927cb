import { MatchStatus } from '../match-status.js';
import type { Goals } from './market.js';
import type { CommittedStep, PeriodEnd, PeriodPath, Scored, SettlementPath } from './settlement-path.js';

/** An answer of the provider, or an operator. */
export const AUTHORITIES: ReadonlySet<string> = new Set(['api', 'admin', 'revert']);

/** A period after one more version. */
export interface PeriodAfter {
  readonly period: PeriodPath;
  readonly heldBack: boolean;
}

/** Slot 0 while the first half is played, slot 1 from half-time on. */
export function halfAfter(path: SettlementPath, step: CommittedStep): PeriodAfter {
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

export function playedPeriod({ match }: SettlementPath, step: CommittedStep): PeriodAfter {
  return open(match, goalsOf(step, 0), step);
}

/** A rise in extra time or a shoot-out is none of regular time; the first version of them may tell a goal that nobody told. */
export function endedPeriod({ match: before, extra }: SettlementPath, step: CommittedStep): PeriodAfter {
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
export function isBeyond(a: Goals, b: Goals): boolean {
  return a.home > b.home || a.away > b.away;
}
