import type { Side } from '../../../domain/match-event.js';
import type { KickoffSources } from '../../../domain/match-state.js';
import { isLive, isMatchStatus, MatchStatus } from '../../../domain/match-status.js';
import { displayScore, type Slots } from '../../../domain/score.js';
import {
  type PlatformRow,
  readCount,
  readInteger,
  toInteger,
  toSlots,
  UnreadableValueError,
} from '../../../platform/read-value.js';
import { COUNT_COLUMNS, countIn, KICKOFF_COLUMNS, slotsText } from '../../../platform/score-columns.js';
import type { RevertAnswer } from '../../ports/revert-store.js';

/** A match as the journal has it; `shown` (display columns) only where our own statement noted them. */
interface JournaledState {
  readonly status: unknown;
  readonly home: unknown;
  readonly away: unknown;
  readonly kickoffs: readonly unknown[];
  readonly shown?: readonly unknown[];
}

/** One match: the score columns of the row now, what our last change left in it, and what was there before the first. */
export interface RevertFacts extends PlatformRow {
  readonly match_id: string;
  readonly epoch: number;
  /** version of our last change */
  readonly last: number;
  /** null: there is no row any more */
  readonly external_id: string | null;
  readonly kickoff_source: KickoffSources | null;
  readonly before: JournaledState | null;
  readonly after: JournaledState;
  readonly provider_time: number | null;
  readonly seen_at: string | null;
}

type Kickoffs = readonly (number | null)[];

/** What goes back into the row, and what must be in it now: the input of the statement. */
export interface TargetRow {
  readonly id: string;
  readonly epoch: number;
  readonly version: number;
  readonly at: number;
  readonly was_status: number | null;
  readonly was_home: unknown;
  readonly was_away: unknown;
  readonly was_kickoffs: Kickoffs;
  readonly was_shown: readonly (number | null)[];
  readonly status: number;
  readonly home: Slots | null;
  readonly away: Slots | null;
  /** by {@link COUNT_COLUMNS}: what must be in the row now */
  readonly was_home_columns: readonly (number | null)[];
  readonly was_away_columns: readonly (number | null)[];
  /** what goes back; null: nobody knows what was there, and what is there stays */
  readonly home_columns: readonly (number | null)[];
  readonly away_columns: readonly (number | null)[];
  readonly kickoffs: Kickoffs;
  readonly kickoff_source: KickoffSources;
  readonly provider_time: number | null;
  readonly seen_at: string | null;
  readonly reached: number;
}

type Refusal = Exclude<RevertAnswer, { readonly from: unknown }>['result'];

/** The row to write; or why not. @param atS our clock, unix seconds: the `*_timestamp` columns */
export function targetRow(facts: RevertFacts, atS: number): TargetRow | Refusal {
  if (facts.external_id === null) return 'no-row';
  try {
    return isAsWeLeftIt(facts) ? putBack(facts, atS) : 'newer-write';
  } catch (error) {
    if (error instanceof UnreadableValueError) return 'unreadable';
    throw error;
  }
}

function putBack(facts: RevertFacts, atS: number): TargetRow | Refusal {
  const { before, after } = facts;
  const status = toInteger(before?.status);
  if (!before || !isMatchStatus(status)) return 'unknown-before';
  const home = sideOf(before.home, before.shown?.[0]);
  const away = sideOf(before.away, before.shown?.[1]);
  if (!home || !away) return 'unknown-before';
  const kickoffs = before.kickoffs.map(toInteger);
  const left = after.kickoffs.map(toInteger);
  return {
    id: facts.match_id,
    epoch: facts.epoch,
    version: facts.last,
    at: atS,
    was_status: toInteger(after.status),
    was_home: after.home,
    was_away: after.away,
    was_kickoffs: left,
    was_shown: [readCount(facts, 'home_score_display'), readCount(facts, 'away_score_display')],
    was_home_columns: countsOf(facts, 'home'),
    was_away_columns: countsOf(facts, 'away'),
    status,
    home: home.slots,
    away: away.slots,
    home_columns: home.columns,
    away_columns: away.columns,
    kickoffs,
    kickoff_source: keptSources(facts.kickoff_source ?? {}, left, kickoffs),
    provider_time: facts.provider_time,
    seen_at: facts.seen_at,
    reached: reachedOf(status, kickoffs),
  };
}

/** A plain UPDATE of somebody else leaves the version: what it changed tells. */
function isAsWeLeftIt(facts: RevertFacts): boolean {
  const { after, last } = facts;
  return (
    readInteger(facts, 'score_version') === last &&
    readInteger(facts, 'status_id') === after.status &&
    KICKOFF_COLUMNS.every(({ name }, n) => readInteger(facts, name) === toInteger(after.kickoffs[n])) &&
    isSideAsWeLeftIt(facts, 'home') &&
    isSideAsWeLeftIt(facts, 'away')
  );
}

const countsOf = (facts: RevertFacts, side: Side) =>
  COUNT_COLUMNS.map(({ name }) => readCount(facts, `${side}_${name}`));

/** Cards and corners, too: whoever wrote them since would lose them. */
function isSideAsWeLeftIt(facts: RevertFacts, side: Side): boolean {
  const written = toSlots(facts.after[side]);
  if (!written || facts[`${side}_scores`] !== slotsText(written)) return false;
  return COUNT_COLUMNS.every((column) => readCount(facts, `${side}_${column.name}`) === countIn(written, column));
}

/**
 * One side, with the columns that readers use. Without slots, or where the display column disagreed with them, the
 * legacy path had written the columns alone: the display score and the regular one. Of the others nobody knows what they
 * were.
 */
function sideOf(json: unknown, shown: unknown) {
  const slots = toSlots(json);
  const display = toInteger(shown) ?? (slots ? displayScore(slots) : null);
  if (display === null && shown !== null) return null;
  const isOfSlots = slots !== null && display === displayScore(slots);
  const columns = COUNT_COLUMNS.map((column) => {
    if (column.slot === 'display' || (column.slot === 0 && !isOfSlots)) return display ?? 0;
    return slots ? countIn(slots, column) : null;
  });
  return { slots, columns };
}

/** Of a kick-off that goes, or becomes another one, we are not the source. */
function keptSources(sources: KickoffSources, now: Kickoffs, before: Kickoffs): KickoffSources {
  const kept = KICKOFF_COLUMNS.filter((_, n) => (before[n] ?? null) !== null && before[n] === now[n]);
  return Object.fromEntries(kept.flatMap(({ source }) => (sources[source] ? [[source, sources[source]]] : [])));
}

function reachedOf(status: MatchStatus, [firstHalf, secondHalf, overtime]: Kickoffs): number {
  if (status === MatchStatus.Shootout) return status;
  if (overtime) return MatchStatus.ExtraTime;
  const live = isLive(status) ? status : 0;
  if (secondHalf) return Math.max(live, MatchStatus.SecondHalf);
  return firstHalf ? Math.max(live, MatchStatus.FirstHalf) : live;
}
