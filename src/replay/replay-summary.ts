import type { Percentiles } from './verify/percentiles.js';
import type { WrongRow } from './verify/wrong-rows.js';

/** What one replay did, and with `verify` what it found. Printed as the last line of `livescore replay`. */
export interface ReplaySummary {
  /** matches replayed */
  readonly matches: number;
  /** goals of regular and extra time in them, by the tournament's scores; with `verifyOnly` in those it looked at */
  readonly goals: number;
  /** match frames published, those of `--chaos` included */
  readonly frames: number;
  /** empty without `verify` */
  readonly wrongRows: readonly WrongRow[];
  /** goals a WebSocket client was told of; null without `verify` */
  readonly goalsAnnounced: number | null;
  readonly duplicateAnnouncements: number | null;
  /** publish → commit and publish → WebSocket client; null without `verify` */
  readonly latencyMs: { readonly commit: Percentiles; readonly client: Percentiles } | null;
}

/** Without `verify` nothing was looked at, so nothing was found wrong. */
export function isRight(summary: ReplaySummary): boolean {
  if (summary.goalsAnnounced === null) return true;
  return (
    summary.wrongRows.length === 0 && summary.goalsAnnounced === summary.goals && summary.duplicateAnnouncements === 0
  );
}
