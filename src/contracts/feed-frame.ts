/** One message of the feed as it came, for whoever takes bytes instead of updates. */
export interface FeedFrame {
  readonly topic: string;
  readonly payload: Uint8Array;
  /**
   * Keeps the broker's copy (QoS 1) until the returned function is called; further calls of it do nothing. To be called
   * while an update of the frame has no fate yet, or the frame is still being handed over.
   */
  keep(): () => void;
}

/** What was read of a frame. */
export interface ReadFrame {
  readonly updates: readonly { readonly matchId: string }[];
  /** the parts that could not be read */
  readonly rejections: readonly object[];
}
