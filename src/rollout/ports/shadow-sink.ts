import type { MatchUpdate } from '../../domain/match-update.js';

/**
 * Compares the two paths for matches in `shadow`: told what the direct path would have judged. Port and injection token
 * in one. Whatever it throws is logged and goes no further.
 */
export abstract class ShadowSink {
  /** An update of a match in `shadow`, in order of arrival, right when it is left to the legacy path. Must not wait. */
  abstract observe(update: MatchUpdate): void;
  /** The match is in `shadow` no more: what was decided for it and not compared yet is dropped. */
  abstract forget(matchId: string): void;
}
