import type { Incident } from '../domain/match-update.js';
import { INCIDENT_FIELDS } from './incident-fields.js';
import { providerText } from './provider-text.js';

const FIRST_OPTIONAL = 3;
const FIRST_NUMBER = 13;
const MAX_NUMBER = 32_767;
const MAX_TEXT = 255;

/**
 * The object or the 18-slot form; null when type, position (0–2) or time is not an integer ≥ 0. Only documented
 * fields are kept; one that is null, empty or of the wrong type is left out. Unknown types are kept as they are.
 */
export function decodeIncident(entry: unknown): Incident | null {
  if (Array.isArray(entry)) {
    return entry.length < INCIDENT_FIELDS.length ? null : incident((_name, slot) => entry[slot]);
  }
  if (typeof entry !== 'object' || entry === null) return null;
  const fields = entry as Record<string, unknown>;
  return incident((name) => fields[name]);
}

function incident(read: (name: string, slot: number) => unknown): Incident | null {
  const type = smallNumber(read('type', 0));
  const position = smallNumber(read('position', 1));
  const time = smallNumber(read('time', 2));
  if (type === undefined || position === undefined || position > 2 || time === undefined) return null;
  const optional: Record<string, string | number> = {};
  for (let slot = FIRST_OPTIONAL; slot < INCIDENT_FIELDS.length; slot++) {
    const name = INCIDENT_FIELDS[slot]!;
    const raw = read(name, slot);
    const value = slot < FIRST_NUMBER ? providerText(raw, MAX_TEXT) : smallNumber(raw);
    if (value !== undefined) optional[name] = value;
  }
  return { type, position, time, ...optional };
}

function smallNumber(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return value >= 0 && value <= MAX_NUMBER ? value : undefined;
}
