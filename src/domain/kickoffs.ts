import type { GuardContext } from './guard-case.js';
import { leastHalfS, STANDARD_FORMAT } from './match-format.js';
import type { KickoffSources, Kickoffs, MatchState } from './match-state.js';
import { MatchStatus, mayGoOn } from './match-status.js';
import type { ScoreUpdate } from './match-update.js';

/** Once half-time was seen, the kick-offs of two periods may lie so close, whatever the format says. */
const LEAST_GAP_AFTER_HALF_TIME_S = 20 * 60;
const TOO_OLD_S = 120 * 60;
/** What a superseded report showed may have waited: parked, as a letter, or while a match of extra time went on. */
const CARRIED_FOR_S = 4 * 60 * 60;
const CORRECTED_S = 60;

interface Period {
  readonly status: MatchStatus;
  readonly at: keyof Kickoffs;
  readonly source: keyof KickoffSources;
  readonly before: readonly (keyof Kickoffs)[];
  readonly oldestS: number;
}

const PERIODS: readonly Period[] = [
  { status: MatchStatus.FirstHalf, at: 'firstHalfS', source: 'firstHalf', before: [], oldestS: TOO_OLD_S },
  {
    status: MatchStatus.SecondHalf,
    at: 'secondHalfS',
    source: 'secondHalf',
    before: ['firstHalfS'],
    oldestS: TOO_OLD_S,
  },
  {
    status: MatchStatus.ExtraTime,
    at: 'overtimeS',
    source: 'overtime',
    before: ['firstHalfS', 'secondHalfS'],
    oldestS: Number.POSITIVE_INFINITY,
  },
];

const PERIOD_OF: ReadonlyMap<MatchStatus, Period> = new Map(PERIODS.map((period) => [period.status, period]));

export interface Remembered {
  readonly kickoffs: Kickoffs;
  readonly sources: KickoffSources;
  readonly changed: boolean;
}

type Listening = Pick<GuardContext, 'nowMs' | 'heard' | 'format'>;

/**
 * Records the kick-offs that a report of status 2, 4 or 5 shows, and those that superseded updates showed: write-once,
 * except that an estimate (a value without a source) is replaced once, and a kick-off of the report's period when it was
 * corrected or the match went on. A value that cannot be a kick-off of that period is not recorded.
 */
export function rememberKickoffs(state: MatchState, update: ScoreUpdate, context: Listening): Remembered {
  let { kickoffs, kickoffSources: sources } = state;
  if (!update.carried && saysNothingNew(state, update)) return { kickoffs, sources, changed: false };
  for (const period of PERIODS) {
    const shown = shownBy(update, period);
    if (!shown || !canBe(period, shown, kickoffs, gapS(state, update, context), context.nowMs)) continue;
    const { atS } = shown;
    if (sources[period.source] && !isReplaced(period, atS, state, update, context)) continue;
    kickoffs = { ...kickoffs, [period.at]: atS };
    sources = { ...sources, [period.source]: update.source };
  }
  const changed = PERIODS.some(({ at }) => kickoffs[at] !== state.kickoffs[at]);
  return { kickoffs: changed ? kickoffs : state.kickoffs, sources, changed };
}

/** Nearly every frame: no kick-off, or the one that is known. */
function saysNothingNew({ kickoffs, kickoffSources }: MatchState, { score }: ScoreUpdate): boolean {
  const period = PERIOD_OF.get(score.status);
  if (!period || score.periodKickoffS === null) return true;
  return kickoffSources[period.source] !== undefined && kickoffs[period.at] === score.periodKickoffS;
}

interface Shown {
  readonly atS: number;
  /** for how long the report may have waited that showed it */
  readonly waitedS: number;
}

function shownBy({ score, carried }: ScoreUpdate, { status, at }: Period): Shown | null {
  if (score.status === status && score.periodKickoffS !== null) return { atS: score.periodKickoffS, waitedS: 0 };
  const atS = carried?.kickoffs[at] ?? null;
  return atS === null ? null : { atS, waitedS: CARRIED_FOR_S };
}

function canBe(
  { before, oldestS }: Period,
  { atS, waitedS }: Shown,
  known: Kickoffs,
  leastGapS: number,
  nowMs: number,
): boolean {
  const agoS = nowMs / 1000 - atS;
  return agoS >= 0 && agoS <= oldestS + waitedS && before.every((earlier) => atS >= (known[earlier] ?? 0) + leastGapS);
}

/**
 * The format says how close the kick-offs of two periods may lie. Periods are short, too, where half-time was seen just
 * before, or where two kick-offs lie close already.
 */
function gapS(
  { reached, kickoffs: { firstHalfS, secondHalfS } }: MatchState,
  { carried }: ScoreUpdate,
  { format = STANDARD_FORMAT }: Listening,
): number {
  const leastS = leastHalfS(format);
  const halfTime = reached === MatchStatus.HalfTime || carried?.reached === MatchStatus.HalfTime;
  const short = firstHalfS !== null && secondHalfS !== null && secondHalfS - firstHalfS < leastS;
  return halfTime || short ? Math.min(LEAST_GAP_AFTER_HALF_TIME_S, leastS) : leastS;
}

/** R2: a later one when the match goes on after 9, 10 or 13; a corrected one when the report and the newest push before it say it. */
function isReplaced(
  period: Period,
  atS: number,
  state: MatchState,
  update: ScoreUpdate,
  { heard }: Listening,
): boolean {
  const knownS = state.kickoffs[period.at];
  if (knownS === null) return true;
  if (update.score.status !== period.status) return false;
  if (mayGoOn(state.status)) return atS > knownS;
  const before = heard.newest?.update;
  if (!before || before.redelivered || update.redelivered || Math.abs(atS - knownS) <= CORRECTED_S) return false;
  return before.score.status === period.status && before.score.periodKickoffS === atS;
}
