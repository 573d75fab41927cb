import type { HostView } from './host-view.js';

/** A match that is being played, as its row and the journal show it. */
export interface WatchedMatch {
  readonly id: string;
  readonly status: number;
  readonly home: number | null;
  readonly away: number | null;
  readonly minute: number | null;
  readonly source: string | null;
  readonly epoch: number | null;
  readonly version: number;
  /** seconds since its newest change; null without a journal */
  readonly changedS: number | null;
  /** seconds since the feed told of it, as far as the row knows */
  readonly seenS: number | null;
}

/** What the database knows. */
export interface DatabaseView {
  readonly live: number;
  /** those that changed last first, 200 at most */
  readonly matches: readonly WatchedMatch[];
  /** of the last minute, whoever made them */
  readonly changesLastMinute: number;
  /** from receipt to commit, of the feed's changes of the last five minutes, ms */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** null: nobody takes the feed */
  readonly lease: { readonly holder: string; readonly fence: number } | null;
  readonly stage: { readonly stage: string; readonly percent: number; readonly latched: boolean };
}

/** One look. What could not be asked is told by its reason. */
export interface WatchView {
  readonly at: string;
  readonly host: HostView | { readonly unknown: string };
  readonly database: DatabaseView | { readonly unknown: string };
}
