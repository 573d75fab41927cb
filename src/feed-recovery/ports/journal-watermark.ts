/**
 * The watermark is what survives a restart of the knowledge up to when everything is committed. Port and injection
 * token in one.
 */
export abstract class JournalWatermark {
  /**
   * Receipt of the newest update that was committed within the last day, unix ms; null when there is none.
   * @param beforeMs received before that, unix ms
   */
  abstract newestReceivedAtMs(beforeMs: number): Promise<number | null>;
}
