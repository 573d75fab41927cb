import { INCIDENT_FIELDS } from './incident-fields.js';

/** What the entry of a list is, by its shape; null: nothing that is known. */
export function kindOf(entry: unknown): 'statistics' | 'incidents' | 'commentary' | null {
  if (typeof entry !== 'object' || entry === null) return null;
  if (Array.isArray(entry)) {
    if (entry.length === 3) return 'statistics';
    return entry.length >= INCIDENT_FIELDS.length ? 'incidents' : null;
  }
  const fields = entry as Record<string, unknown>;
  if (fields.type === undefined) return fields.data === undefined ? null : 'commentary';
  if (fields.time !== undefined) return 'incidents';
  return fields.home === undefined || fields.away === undefined ? null : 'statistics';
}
