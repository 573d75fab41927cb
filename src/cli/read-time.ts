import { UsageError } from './cli.errors.js';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:?\d{2})$/i;

/** A time with its zone, or how long ago. @returns unix ms @throws UsageError */
export function readTime(option: string, text: string, nowMs: number): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return nowMs - Number(count) * (UNITS_MS[unit] ?? Number.NaN);
  const atMs = WITH_ZONE.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  throw new UsageError(
    `--${option} must be a time with its zone, like 2026-05-01T18:30:00Z, or an age like 90s, 30m, 12h or 7d; received "${text}"`,
  );
}
