import type { KickoffSources } from '../../domain/match-state.js';
import { isLive, isMatchStatus, MatchStatus } from '../../domain/match-status.js';
import { displayScore, type Slots } from '../../domain/score.js';

/** As the journal has it; `shown` (display columns) and `times` only where our own statement noted them. */
export interface JournaledRow {
  readonly status: number | null;
  readonly home: unknown;
  readonly away: unknown;
  readonly kickoffs: Kickoffs;
  readonly shown?: readonly (number | null)[];
}

type Kickoffs = readonly (number | null)[];

/** One match: the row now, what our last change left in it, and what was there before the first. */
export interface RevertFacts {
  readonly matchId: string;
  readonly epoch: number;
  /** version of our last change */
  readonly last: number;
  readonly found: boolean;
  readonly version: number;
  readonly status: number | null;
  readonly home: unknown;
  readonly away: unknown;
  /** display, regular, overtime, penalties */
  readonly homeColumns: readonly (number | null)[];
  readonly awayColumns: readonly (number | null)[];
  readonly kickoffs: Kickoffs;
  readonly kickoffSource: KickoffSources | null;
  readonly before: JournaledRow | null;
  readonly after: JournaledRow;
  readonly providerTimeS: number | null;
  readonly seenAt: string | null;
}

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
  readonly home_columns: readonly number[];
  readonly away_columns: readonly number[];
  readonly kickoffs: Kickoffs;
  readonly kickoff_source: KickoffSources;
  readonly provider_time: number | null;
  readonly seen_at: string | null;
  readonly reached: number;
}

export type Refusal = 'no-row' | 'newer-write' | 'unknown-before';

const SOURCE_NAMES = ['firstHalf', 'secondHalf', 'overtime'] as const;

/** The row to write; or why not. @param atS our clock, unix seconds: the `*_timestamp` columns */
export function targetRow(facts: RevertFacts, atS: number): TargetRow | Refusal {
  const { before, after, kickoffs } = facts;
  if (!facts.found) return 'no-row';
  if (!isAsWeLeftIt(facts)) return 'newer-write';
  if (!before || !isMatchStatus(before.status)) return 'unknown-before';
  const home = sideOf(before.home, before.shown?.[0]);
  const away = sideOf(before.away, before.shown?.[1]);
  if (!home || !away) return 'unknown-before';
  return {
    id: facts.matchId,
    epoch: facts.epoch,
    version: facts.version,
    at: atS,
    was_status: after.status,
    was_home: after.home,
    was_away: after.away,
    was_kickoffs: after.kickoffs,
    was_shown: [facts.homeColumns[0] ?? null, facts.awayColumns[0] ?? null],
    status: before.status,
    home: home.slots,
    away: away.slots,
    home_columns: home.columns,
    away_columns: away.columns,
    kickoffs: before.kickoffs,
    kickoff_source: keptSources(facts.kickoffSource ?? {}, kickoffs, before.kickoffs),
    provider_time: facts.providerTimeS,
    seen_at: facts.seenAt,
    reached: reachedOf(before.status, before.kickoffs),
  };
}

/** A plain UPDATE of somebody else leaves the version: what it changed tells. */
function isAsWeLeftIt(facts: RevertFacts): boolean {
  const { after, last, version, status, kickoffs } = facts;
  return (
    version === last &&
    status === after.status &&
    sameJson(kickoffs, after.kickoffs) &&
    isSideAsWeLeftIt(facts.home, facts.homeColumns, after.home) &&
    isSideAsWeLeftIt(facts.away, facts.awayColumns, after.away)
  );
}

function isSideAsWeLeftIt(slots: unknown, columns: readonly (number | null)[], left: unknown): boolean {
  const written = toSlots(left);
  if (!written || !sameJson(slots, left)) return false;
  return sameJson(columns, [displayScore(written), written[0], written[5], written[6]]);
}

/**
 * One side, with the columns that readers use. Without slots, or where the display column disagreed with them, the
 * legacy path had written the columns alone: the display score and the regular one.
 */
function sideOf(json: unknown, shown: number | null | undefined) {
  const slots = toSlots(json);
  const display = shown ?? (slots ? displayScore(slots) : null);
  if (display === null) return shown === null ? { slots, columns: [0, 0, 0, 0, 0, 0, 0] } : null;
  if (!slots) return { slots, columns: [display, display, 0, 0, 0, 0, 0] };
  const [regular, , red, yellow, corners, overtime, penalties] = slots;
  const inPlay = display === displayScore(slots) ? regular : display;
  return { slots, columns: [display, inPlay, overtime, penalties, red, yellow, corners] };
}

function toSlots(json: unknown): Slots | null {
  if (!Array.isArray(json) || json.length !== 7) return null;
  return json.every((slot) => Number.isInteger(slot) && slot >= 0) ? (json as unknown as Slots) : null;
}

/** Of a kick-off that goes, or becomes another one, we are not the source. */
function keptSources(sources: KickoffSources, now: Kickoffs, before: Kickoffs): KickoffSources {
  return Object.fromEntries(
    Object.entries(sources).filter(([name]) => {
      const n = (SOURCE_NAMES as readonly string[]).indexOf(name);
      return (before[n] ?? null) !== null && before[n] === now[n];
    }),
  );
}

function reachedOf(status: MatchStatus, [firstHalf, secondHalf, overtime]: Kickoffs): number {
  if (status === MatchStatus.Shootout) return status;
  if (overtime) return MatchStatus.ExtraTime;
  const live = isLive(status) ? status : 0;
  if (secondHalf) return Math.max(live, MatchStatus.SecondHalf);
  return firstHalf ? Math.max(live, MatchStatus.FirstHalf) : live;
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
