import type { GuardLimits } from './guard-limits.js';
import type { Heard } from './heard.js';

/**
 * Since when the feed and the row have disagreed, our clock, unix ms: refusals that follow each other without anything
 * accepted or confirmed between them, equal content or not.
 * @returns null while they are few or young
 */
export function disputedSinceMs({ refusals }: Heard, nowMs: number, limits: GuardLimits): number | null {
  if (!refusals || refusals.count < limits.insistencePushes) return null;
  return nowMs - refusals.sinceMs >= limits.insistenceMs ? refusals.sinceMs : null;
}
