import type { MatchState } from '../domain/match-state.js';
import { isMatchStatus, MatchStatus } from '../domain/match-status.js';
import type { Incident, MatchUpdate, ScoreReport, Statistic, UpdateSource } from '../domain/match-update.js';
import { type Slots, sameSlots } from '../domain/score.js';
import { readStatistics } from '../domain/statistics-document.js';
import { SLOT_COLUMNS } from '../platform/score-columns.js';
import { decodeIncident } from '../thesports/incidents.js';
import { decodeStatistic } from '../thesports/statistics.js';
import { toCount, toInteger, toSlots } from './field-values.js';
import { overlayScore, type SideFields } from './overlay-score.js';
import type { FieldUpdate } from './ports/legacy-orchestrator.js';

/**
 * Why a field is not part of the update. `derived`: the writer works it out itself; `not-ours`: the direct path never
 * writes that column; `not-a-value`: null, or not of the column's type; `known`: write-once, and the row has it;
 * `other-period`: a kick-off of a period that is not the current one.
 */
export type FieldRefusal = 'derived' | 'not-ours' | 'not-a-value' | 'known' | 'other-period';

export interface MappedFields {
  /** null: none of the fields can be written */
  readonly update: MatchUpdate | null;
  /** fields of the update that differ from the row, or that only the writer can compare */
  readonly changing: string[];
  readonly refused: ReadonlyMap<string, FieldRefusal>;
}

/** From the strongest to the weakest, as the guard ranks them. */
const RANKS: readonly UpdateSource[] = ['admin', 'mqtt', 'api', 'watchdog', 'computed'];

/** Columns that follow from score, status and kick-offs, and those of provenance. */
const DERIVED: ReadonlySet<string> = new Set([
  'minute',
  'ended',
  'last_event_ts',
  'last_minute_update_ts',
  'last_update_source',
  'updated_at',
]);
const PROVENANCE = /^(home_score|away_score|minute|status_id)_(source|timestamp)$/;

const KICKOFFS = [
  ['first_half_kickoff_ts', MatchStatus.FirstHalf, 'firstHalf', 'firstHalfS'],
  ['second_half_kickoff_ts', MatchStatus.SecondHalf, 'secondHalf', 'secondHalfS'],
  ['overtime_kickoff_ts', MatchStatus.ExtraTime, 'overtime', 'overtimeS'],
] as const;

/**
 * What a call of `updateMatch` says, as one update over the present state of the match. Of several values for a field
 * the last one counts. An update claims no more than its weakest field: that one's source, and the earliest time.
 * @param nowMs our clock, unix ms
 */
export function toMatchUpdate(state: MatchState, updates: readonly FieldUpdate[], nowMs: number): MappedFields {
  return new FieldMapping(state, updates).toUpdate(nowMs);
}

class FieldMapping {
  private readonly fields: ReadonlyMap<string, FieldUpdate>;
  private readonly refused = new Map<string, FieldRefusal>();
  private readonly used: FieldUpdate[] = [];
  private readonly changing: string[] = [];

  constructor(
    private readonly state: MatchState,
    updates: readonly FieldUpdate[],
  ) {
    this.fields = new Map(updates.map((update) => [update.field, update]));
  }

  toUpdate(nowMs: number): MappedFields {
    const score = this.score();
    const incidents = this.take('incidents', toIncidents);
    const statistics = this.take('statistics', toStatistics);
    if (incidents) this.changing.push('incidents');
    if (statistics) this.changing.push('statistics');
    const hasParts = score !== null || incidents !== null || statistics !== null;
    const providerTimeS = this.providerTime();
    for (const field of this.fields.keys()) this.refuseRest(field);
    const { changing, refused } = this;
    if (!hasParts) return { update: null, changing: [], refused };
    const update: MatchUpdate = {
      matchId: this.state.matchId,
      ...this.origin(nowMs),
      providerTimeS,
      ...(score && { score }),
      ...(incidents && { incidents }),
      ...(statistics && { statistics }),
    };
    return { update, changing, refused };
  }

  private score(): ScoreReport | null {
    const { state } = this;
    const before = this.used.length;
    const status = this.take('status_id', (value) => (isMatchStatus(value) ? value : null)) ?? state.status;
    if (status !== state.status) this.changing.push('status_id');
    const periodKickoffS = this.kickoff(status);
    const home = this.side('home', status);
    const away = this.side('away', status);
    return this.used.length > before ? { status, home, away, periodKickoffS } : null;
  }

  private side(side: 'home' | 'away', status: MatchStatus): Slots {
    const known = this.state[side];
    const counts = new Map<number, number>();
    for (const { name, slot } of SLOT_COLUMNS) {
      const count = this.take(`${side}_${name}`, toCount);
      if (count === null) continue;
      counts.set(slot, count);
      if (count !== known[slot]) this.changing.push(`${side}_${name}`);
    }
    const slots = this.take(`${side}_scores`, toSlots);
    if (slots && !sameSlots(slots, known)) this.changing.push(`${side}_scores`);
    return this.withDisplay(side, { slots, counts, display: null }, status);
  }

  private withDisplay(side: 'home' | 'away', said: SideFields, status: MatchStatus): Slots {
    const known = this.state[side];
    const overlay = (value: unknown) => {
      const display = toCount(value);
      return display === null ? null : overlayScore(known, { ...said, display }, status);
    };
    const shown = this.take(`${side}_score_display`, overlay);
    if (!shown) return overlayScore(known, said, status) ?? known;
    const display = toCount(this.fields.get(`${side}_score_display`)?.value);
    if (display !== this.state.shown[side]) this.changing.push(`${side}_score_display`);
    return shown;
  }

  /** A report tells one kick-off, that of its period. */
  private kickoff(status: MatchStatus): number | null {
    let periodKickoffS: number | null = null;
    for (const [field, period, source, known] of KICKOFFS) {
      if (!this.fields.has(field)) continue;
      if (this.state.kickoffSources[source]) this.refused.set(field, 'known');
      else if (period !== status) this.refused.set(field, 'other-period');
      else periodKickoffS = this.take(field, toInteger);
      if (period === status && periodKickoffS !== null && periodKickoffS !== this.state.kickoffs[known])
        this.changing.push(field);
    }
    return periodKickoffS;
  }

  /** Says how new the rest is; alone it is no news. */
  private providerTime(): number | null {
    const field = this.fields.get('provider_update_time');
    const timeS = toInteger(field?.value);
    if (!field) return null;
    if (timeS === null) this.refused.set(field.field, 'not-a-value');
    else if (this.state.providerTimeS === null || timeS > this.state.providerTimeS) this.changing.push(field.field);
    return timeS;
  }

  private take<T>(name: string, read: (value: unknown) => T | null): T | null {
    const field = this.fields.get(name);
    if (!field) return null;
    const value = read(field.value);
    if (value === null) this.refused.set(name, 'not-a-value');
    else this.used.push(field);
    return value;
  }

  private refuseRest(field: string): void {
    if (this.refused.has(field) || field === 'provider_update_time') return;
    if (this.used.some((used) => used.field === field)) return;
    this.refused.set(field, DERIVED.has(field) || PROVENANCE.test(field) ? 'derived' : 'not-ours');
  }

  /** The feed's and the operator's word is new now; the others speak of the time of their request. */
  private origin(nowMs: number): Pick<MatchUpdate, 'source' | 'delivery' | 'receivedAtMs' | 'requestedAtMs'> {
    const source = weakestOf(this.used);
    if (source === 'mqtt' || source === 'admin')
      return { source, delivery: 'push', receivedAtMs: nowMs, requestedAtMs: null };
    const requestedAtMs = Math.min(nowMs, ...this.used.map(({ timestamp }) => timestamp * 1000));
    return { source, delivery: 'pull', receivedAtMs: nowMs, requestedAtMs };
  }
}

/** A source nobody knows is the weakest. */
function weakestOf(fields: readonly FieldUpdate[]): UpdateSource {
  const ranks = fields.map(({ source }) => RANKS.indexOf(source));
  return ranks.includes(-1) ? 'computed' : (RANKS[Math.max(...ranks)] as UpdateSource);
}

/** The raw list of the feed or the provider; entries that are none are left out. */
function toIncidents(value: unknown): readonly Incident[] | null {
  if (!Array.isArray(value)) return null;
  const incidents = value.map(decodeIncident).filter((incident) => incident !== null);
  return incidents.length > 0 ? incidents : null;
}

/** The readable object, or the raw list. */
function toStatistics(value: unknown): readonly Statistic[] | null {
  if (typeof value !== 'object' || value === null) return null;
  const statistics = Array.isArray(value)
    ? value.map(decodeStatistic).filter((statistic) => statistic !== null)
    : readStatistics(value as Readonly<Record<string, unknown>>);
  return statistics.length > 0 ? statistics : null;
}
