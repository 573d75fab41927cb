import type { CheckState } from '../../../health/ports/host-checks.js';

/** Of the answer that stands in an exception of Terminus; null: something else was thrown. */
export function detailsOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('getResponse' in error)) return null;
  const answer: unknown = typeof error.getResponse === 'function' ? error.getResponse() : null;
  return typeof answer === 'object' && answer !== null && 'details' in answer ? answer.details : null;
}

/** The worst state in the details; down where they cannot be understood. */
export function worst(details: unknown): CheckState {
  if (typeof details !== 'object' || details === null) return 'down';
  const states = Object.values(details).map((one: { readonly status?: unknown } | null) => one?.status);
  if (states.some((state) => state !== 'up' && state !== 'degraded')) return 'down';
  return states.includes('degraded') ? 'degraded' : 'up';
}
