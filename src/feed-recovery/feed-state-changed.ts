import type { FeedState } from './feed-state.js';

/** The feed went from one state to another. */
export interface FeedStateChanged {
  readonly from: FeedState;
  readonly to: FeedState;
  /**
   * `connection-lost`, `start`, `reconnect`, `resumed`, `takeover` (why it recovers), `recovered`, `recovery-off`,
   * `commits-lag`, `silence`, `caught-up`
   */
  readonly reason: string;
  /** our clock, unix ms */
  readonly atMs: number;
  /** everything received up to then is committed, our clock, unix ms; null when nothing is known */
  readonly watermarkMs: number | null;
}
