import type { MatchState } from '../match-state.js';

const FUTURE_TOLERANCE_MS = 300_000;
const FIRST_AFTER_SEEN_MS = 60_000;

interface OurClock {
  readonly nowMs: number;
  readonly providerSkewMs: number;
}

/** A provider time ahead of our clock cannot be true, and would lock the row until that time comes. */
export function trusted(providerTimeS: number | null, clock: OurClock): number | null {
  if (providerTimeS === null) return null;
  return onOurClockMs(providerTimeS, clock) <= clock.nowMs + FUTURE_TOLERANCE_MS ? providerTimeS : null;
}

/** Does the provider itself say that this is newer than the row? The first time of a row must be clearly after what was seen. */
export function isNewer(providerTimeS: number, state: MatchState, clock: OurClock): boolean {
  if (state.providerTimeS !== null) return providerTimeS > state.providerTimeS;
  const knownMs = state.seenAtMs ?? (state.statusSinceS === null ? null : state.statusSinceS * 1000);
  return knownMs !== null && onOurClockMs(providerTimeS, clock) > knownMs + FIRST_AFTER_SEEN_MS;
}

/** A time of the provider as our clock would have shown it, unix ms. */
export function onOurClockMs(providerTimeS: number, { providerSkewMs }: Pick<OurClock, 'providerSkewMs'>): number {
  return providerTimeS * 1000 - providerSkewMs;
}
