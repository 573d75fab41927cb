import type { Incident } from './match-update.js';

/** An entry of the stored list: ours, or another writer's with fields of its own. */
export type StoredIncident = Partial<Incident>;

/** An incident of a newer list, with the stored one that it tells again. */
export interface IncidentMatch {
  readonly incident: Incident;
  /** null: it is news */
  readonly known: StoredIncident | null;
  /** another player, or another minute than the known one */
  readonly isCorrection: boolean;
}

export interface MatchedIncidents {
  /** one for each distinct incident of the newer list */
  readonly matches: readonly IncidentMatch[];
  /** stored ones that the newer list does not name */
  readonly missing: readonly StoredIncident[];
}

const MAX_NAME = 64;
/** How far the minute of an incident may be corrected. */
const NEAR_MINUTES = 5;

/**
 * What makes an incident of one match the same incident: type, minute, side, players and running score. The players
 * and the score tell two goals of one side in the same minute apart. Stable: stored in `livescore_announced`.
 */
export function incidentKey(incident: StoredIncident): string {
  return JSON.stringify([...momentOf(incident), ...playersOf(incident)]);
}

/**
 * Finds each incident of the newer list in the stored one: the same key first, then the same moment where one of the two
 * does not name a player yet, then, among what is left on both sides, the nearest of the same type and side: the provider
 * corrected it.
 */
export function matchIncidents(stored: readonly StoredIncident[], incoming: readonly Incident[]): MatchedIncidents {
  const left = new Set(stored);
  const news = new Map(incoming.map((incident) => [incidentKey(incident), incident]));
  const found = new Map<Incident, { readonly known: StoredIncident; readonly isCorrection: boolean }>();
  const take = (incident: Incident, known: StoredIncident | undefined, isCorrection: boolean) => {
    if (!known) return;
    left.delete(known);
    found.set(incident, { known, isCorrection });
  };
  const byKey = new Map(stored.map((incident) => [incidentKey(incident), incident]));
  for (const [key, incident] of news) take(incident, byKey.get(key), false);
  const open = () => [...news.values()].filter((incident) => !found.has(incident));
  for (const incident of open())
    take(
      incident,
      first(left, (known) => isCompletion(known, incident)),
      false,
    );
  for (const { known, incident } of nearestFirst(left, open())) {
    if (left.has(known) && !found.has(incident)) take(incident, known, true);
  }
  const matches = [...news.values()].map((incident) => {
    return { incident, ...(found.get(incident) ?? { known: null, isCorrection: false }) };
  });
  return { matches, missing: stored.filter((incident) => left.has(incident)) };
}

function first<T>(items: Iterable<T>, isWanted: (item: T) => boolean): T | undefined {
  for (const item of items) if (isWanted(item)) return item;
  return undefined;
}

interface Candidate {
  readonly known: StoredIncident;
  readonly incident: Incident;
  /** the lower, the likelier */
  readonly distance: number;
}

/** Every pair that may be one incident told twice: a goal with the same running score is, whatever else differs. */
function nearestFirst(left: ReadonlySet<StoredIncident>, incoming: readonly Incident[]): readonly Candidate[] {
  const pairs = [...left].flatMap((known) =>
    incoming.map((incident) => ({ known, incident, ...distance(known, incident) })),
  );
  return pairs.filter(isNear).sort((a, b) => a.distance - b.distance);
}

const isNear = (pair: Omit<Candidate, 'distance'> & { readonly distance?: number }): pair is Candidate =>
  pair.distance !== undefined;

function distance(known: StoredIncident, incident: Incident): { readonly distance?: number } {
  if (known.type !== incident.type || known.position !== incident.position) return {};
  const minutes = Math.abs(minuteOf(known) - incident.time);
  const sameScore = incident.home_score !== undefined && isSameScore(known, incident);
  if (!sameScore && minutes > NEAR_MINUTES) return {};
  const samePlayers = JSON.stringify(playersOf(known)) === JSON.stringify(playersOf(incident));
  return { distance: minutes + (samePlayers ? 0 : NEAR_MINUTES) + (sameScore ? 0 : 2 * NEAR_MINUTES) };
}

function isSameScore(one: StoredIncident, other: StoredIncident): boolean {
  return one.home_score === other.home_score && one.away_score === other.away_score;
}

function isCompletion(one: StoredIncident, other: StoredIncident): boolean {
  if (!isAnonymous(one) && !isAnonymous(other)) return false;
  return JSON.stringify(momentOf(one)) === JSON.stringify(momentOf(other));
}

function isAnonymous(incident: StoredIncident): boolean {
  return playersOf(incident).every((player) => player === null);
}

function momentOf({ type, time, position, home_score, away_score }: StoredIncident): readonly unknown[] {
  return [type ?? null, time ?? null, position ?? null, home_score ?? null, away_score ?? null];
}

function playersOf(incident: StoredIncident): readonly (string | null)[] {
  return [
    player(incident.player_id, incident.player_name),
    player(incident.in_player_id, incident.in_player_name),
    player(incident.out_player_id, incident.out_player_name),
  ];
}

/** Stored entries may be another writer's: no field is sure to have its type. */
function player(id: unknown, name: unknown): string | null {
  const known = id || name;
  if (typeof known !== 'string' && typeof known !== 'number') return null;
  return String(known).slice(0, MAX_NAME);
}

export function minuteOf({ time }: StoredIncident): number {
  return typeof time === 'number' ? time : 0;
}
