import type { Incident } from './match-update.js';

/** An entry of the stored list: ours, or another writer's with fields of its own. */
export type StoredIncident = Partial<Incident>;

export interface FoldedIncidents {
  /** the same array as `stored` when nothing differs */
  readonly list: readonly StoredIncident[];
  /** incoming incidents that had no counterpart in `stored` */
  readonly fresh: readonly Incident[];
}

export const MAX_INCIDENTS = 500;
const MAX_NAME = 64;

/**
 * What makes an incident of one match the same incident: type, minute, side, players and running score. The players
 * and the score tell two goals of one side in the same minute apart. Stable: stored in `livescore_announced`.
 */
export function incidentKey(incident: StoredIncident): string {
  return JSON.stringify([...momentOf(incident), ...playersOf(incident)]);
}

/**
 * The union of both lists, whether `incoming` is the full list so far or only its news: ordered by minute, then by
 * arrival, at most 500. A counterpart is the same key, or the same moment where one of the two does not name a player
 * yet; it is brought up to date field by field and never loses one.
 */
export function foldIncidents(stored: readonly StoredIncident[], incoming: readonly Incident[]): FoldedIncidents {
  const list: StoredIncident[] = [...stored];
  const fresh: Incident[] = [];
  let changed = false;
  for (const [at, incident] of match(stored, incoming)) {
    const known = at === null ? undefined : list[at];
    if (at === null || known === undefined) {
      if (list.length >= MAX_INCIDENTS) continue;
      list.push(incident);
      fresh.push(incident);
      changed = true;
    } else if (addsTo(known, incident)) {
      list[at] = { ...known, ...incident };
      changed = true;
    }
  }
  return changed ? { list: list.sort((a, b) => minuteOf(a) - minuteOf(b)), fresh } : { list: stored, fresh };
}

/** Each distinct incoming incident with the place of its counterpart. Exact keys choose first. */
function match(stored: readonly StoredIncident[], incoming: readonly Incident[]): [number | null, Incident][] {
  const placeOfKey = new Map(stored.map((incident, at) => [incidentKey(incident), at]));
  const distinct = new Map(incoming.map((incident) => [incidentKey(incident), incident]));
  const taken = new Set<number>();
  for (const key of distinct.keys()) {
    const at = placeOfKey.get(key);
    if (at !== undefined) taken.add(at);
  }
  return [...distinct].map(([key, incident]) => {
    const at =
      placeOfKey.get(key) ?? stored.findIndex((one, place) => !taken.has(place) && isCompletion(one, incident));
    if (at < 0) return [null, incident];
    taken.add(at);
    return [at, incident];
  });
}

function isCompletion(one: StoredIncident, other: StoredIncident): boolean {
  if (!isAnonymous(one) && !isAnonymous(other)) return false;
  return JSON.stringify(momentOf(one)) === JSON.stringify(momentOf(other));
}

function isAnonymous(incident: StoredIncident): boolean {
  return playersOf(incident).every((player) => player === null);
}

function addsTo(known: StoredIncident, incident: Incident): boolean {
  return Object.entries(incident).some(([field, value]) => known[field as keyof Incident] !== value);
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

function minuteOf({ time }: StoredIncident): number {
  return typeof time === 'number' ? time : 0;
}
