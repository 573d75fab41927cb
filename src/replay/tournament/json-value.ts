import type { Pair } from './tournament.js';

export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** Trimmed text, or null for anything that is not text or blank. Numbers are taken as text; PostgreSQL takes no NUL. */
export function asText(value: unknown): string | null {
  const raw = typeof value === 'number' ? String(value) : value;
  const text = typeof raw === 'string' ? raw.replaceAll('\u0000', '').trim() : '';
  return text === '' ? null : text;
}

/** Two goal counts as `[2, 1]`, `["2", "1"]`, `"2-1"` or `"2:1"`; null for anything else. */
export function asPair(value: unknown): Pair | null {
  const parts = typeof value === 'string' ? value.split(/[-:–]/) : value;
  if (!Array.isArray(parts) || parts.length !== 2) return null;
  const home = asCount(parts[0]);
  const away = asCount(parts[1]);
  return home === null || away === null ? null : [home, away];
}

const MOST_GOALS = 200;

function asCount(value: unknown): number | null {
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= MOST_GOALS ? count : null;
}
