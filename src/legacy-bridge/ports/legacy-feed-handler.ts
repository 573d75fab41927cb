/**
 * The port is the host's own handler of feed messages, as it was before the package: what it writes, announces, settles
 * and caches lives on for the matches that are on the legacy path. It goes before `LegacyScorePath`. Port and injection
 * token in one.
 */
export abstract class LegacyFeedHandler {
  /**
   * Takes one message. Calls begin in the order of receipt and do not wait for each other, as those of an MQTT client. A
   * QoS 1 message is acknowledged when the promise has settled, after 5 s at most; what it throws is counted and
   * logged. A match changes path when what was handed on of it has settled: resolve after the write.
   * @param payload the bytes that came when every match in them is on the legacy path, else the same envelope with those
   * matches only
   */
  abstract handle(topic: string, payload: Buffer): Promise<void> | void;
}
