import { type IncidentMatch, matchIncidents, minuteOf, type StoredIncident } from './incident-match.js';
import type { Incident } from './match-update.js';
import { goals, type Slots } from './score.js';

export { incidentKey, type StoredIncident } from './incident-match.js';

/** The committed counts of a match, which its list of incidents must not contradict. */
export interface CountedScore {
  readonly home: Slots;
  readonly away: Slots;
}

/** An incident that a newer list tells otherwise: another player, or another minute. */
export interface CorrectedIncident {
  readonly before: StoredIncident;
  readonly after: Incident;
}

/** An incident to be told: for the first time, or told otherwise than before. */
export type IncidentNews = { readonly after: Incident } & Partial<Pick<CorrectedIncident, 'before'>>;

export interface ReplacedIncidents {
  /** the same array as `stored` when nothing differs */
  readonly list: readonly StoredIncident[];
  /** incoming incidents that had no counterpart in `stored` */
  readonly fresh: readonly Incident[];
  readonly corrected: readonly CorrectedIncident[];
  /** stored ones that the newer list no longer names and the score does not count */
  readonly withdrawn: readonly StoredIncident[];
}

export const MAX_INCIDENTS = 500;

/**
 * A newer list replaces the stored one, since the provider sends the whole list each time. An incident that it tells
 * otherwise is corrected in place; one that it no longer names is withdrawn, unless the committed score still counts it:
 * then it stays until score and list agree. Ordered by minute, then by arrival, at most 500.
 * @param score the committed counts; null when the row has none
 */
export function replaceIncidents(
  stored: readonly StoredIncident[],
  incoming: readonly Incident[],
  score: CountedScore | null,
): ReplacedIncidents {
  const { matches, missing } = matchIncidents(stored, incoming);
  const held = new Set(score ? stillCounted(missing, incoming, score) : []);
  const withdrawn = missing.filter((incident) => !held.has(incident));
  const room = MAX_INCIDENTS - (stored.length - withdrawn.length);
  const fresh = matches.filter(({ known }) => known === null).slice(0, Math.max(0, room));
  const corrected = matches.flatMap(({ known, incident, isCorrection }) =>
    known && isCorrection ? [{ before: known, after: incident }] : [],
  );
  return {
    list: rewritten(stored, matches, new Set(withdrawn), fresh),
    fresh: fresh.map(({ incident }) => incident),
    corrected,
    withdrawn,
  };
}

function rewritten(
  stored: readonly StoredIncident[],
  matches: readonly IncidentMatch[],
  withdrawn: ReadonlySet<StoredIncident>,
  fresh: readonly IncidentMatch[],
): readonly StoredIncident[] {
  const told = new Map(matches.flatMap((match) => (match.known ? [[match.known, match] as const] : [])));
  const kept = stored.filter((incident) => !withdrawn.has(incident)).map((known) => renewed(known, told.get(known)));
  const list = [...kept, ...fresh.map(({ incident }) => incident)];
  const isSame = list.length === stored.length && list.every((incident, at) => incident === stored[at]);
  return isSame ? stored : list.sort((a, b) => minuteOf(a) - minuteOf(b));
}

/** Field by field what the newer list says; a field that it leaves out stays, unless it was another player's. */
function renewed(known: StoredIncident, match: IncidentMatch | undefined): StoredIncident {
  if (!match) return known;
  const { incident, isCorrection } = match;
  if (isCorrection) return incident;
  const adds = Object.entries(incident).some(([field, value]) => known[field as keyof Incident] !== value);
  return adds ? { ...known, ...incident } : known;
}

const GOALS: ReadonlySet<unknown> = new Set([1, 8, 17]);
const YELLOW: ReadonlySet<unknown> = new Set([3]);
const RED: ReadonlySet<unknown> = new Set([4, 15]);

interface Counted {
  readonly count: number;
  readonly isKind: (incident: StoredIncident) => boolean;
}

/** Own goals stand on either side in the provider's lists: goals are counted of both sides together. */
function countsOf({ home, away }: CountedScore): readonly Counted[] {
  const cards = (position: number, slots: Slots): readonly Counted[] => [
    { count: slots[3], isKind: (one) => one.position === position && YELLOW.has(one.type) },
    { count: slots[2], isKind: (one) => one.position === position && RED.has(one.type) },
  ];
  const allGoals = { count: goals(home) + goals(away), isKind: (one: StoredIncident) => GOALS.has(one.type) };
  return [allGoals, ...cards(1, home), ...cards(2, away)];
}

/** Of the missing ones those that the score counts beyond what the newer list names, the oldest first. */
function stillCounted(
  missing: readonly StoredIncident[],
  incoming: readonly Incident[],
  score: CountedScore,
): readonly StoredIncident[] {
  return countsOf(score).flatMap(({ count, isKind }) => {
    const beyond = count - incoming.filter(isKind).length;
    return missing.filter(isKind).slice(0, Math.max(0, beyond));
  });
}
