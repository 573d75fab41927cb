import type { Statistic } from '../domain/match-update.js';

const MAX_VALUE = 1_000_000;
const MAX_TYPE = 32_767;

/** `{type, home, away}` or `[type, home, away]`; null for anything else. A negative value means "no data". */
export function decodeStatistic(entry: unknown): Statistic | null {
  if (Array.isArray(entry)) return entry.length === 3 ? statistic(entry[0], entry[1], entry[2]) : null;
  if (typeof entry !== 'object' || entry === null) return null;
  const { type, home, away } = entry as Record<string, unknown>;
  return statistic(type, home, away);
}

function statistic(type: unknown, home: unknown, away: unknown): Statistic | null {
  if (!Number.isInteger(type) || (type as number) < 0 || (type as number) > MAX_TYPE) return null;
  return isAmount(home) && isAmount(away) ? { type: type as number, home, away } : null;
}

function isAmount(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0 && (value as number) <= MAX_VALUE;
}
