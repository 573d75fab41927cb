import type { Committed, IncidentsCommitted, ScoreCommitted } from '../contracts/committed-changes.js';
import { incidentKey } from '../domain/incident-list.js';
import type { AnnouncedIncident } from './ports/recent-changes.js';

/** What clients that missed it are owed: scores by their version, incidents by their key. */
export type ToldAgain = ScoreCommitted | IncidentsCommitted;

/** A minute, or a card count, is not worth being told again. */
export function isOwed(change: Committed): change is ToldAgain {
  if (change.kind === 'incidents') return true;
  return change.kind === 'score' && change.events.some(({ type }) => type !== 'minute-changed' && type !== 'red-card');
}

/** An announced incident as it was published. */
export function rebuildIncident({ matchId, before, after, announcedAtMs }: AnnouncedIncident): IncidentsCommitted {
  const told = before ? { fresh: [], corrected: [{ before, after }] } : { fresh: [after], corrected: [] };
  return { kind: 'incidents', matchId, ...told, receivedAtMs: announcedAtMs, committedAtMs: announcedAtMs };
}

/** Stand for the incidents of it, each by itself. */
export function incidentKeysOf({ matchId, fresh, corrected }: IncidentsCommitted): readonly string[] {
  const told = [...fresh, ...corrected.map(({ after }) => after)];
  return told.map((incident) => JSON.stringify(['incident', matchId, incidentKey(incident)]));
}
