import { isLive, MatchStatus } from '../match-status.js';
import { AUTHORITIES, endedPeriod, halfAfter, isBeyond, playedPeriod } from './period-path.js';
import type {
  CommittedStep,
  OutOfPlay,
  PeriodPath,
  SettlementCause,
  SettlementLimits,
  SettlementPath,
  SettlementWord,
} from './settlement-path.js';

/** Those who may say that a match is abandoned or cancelled: what others call so may be lost coverage. */
const TELLS_THE_END: ReadonlySet<string> = new Set([...AUTHORITIES, 'mqtt']);

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
