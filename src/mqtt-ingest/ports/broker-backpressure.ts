/**
 * Does the broker still hold frames back? A broker that waits for acknowledgements does while this process is behind,
 * and one that kept our session does when we come back. The provider's answer is newer than those frames: taken before
 * them, it would make them look like goals taken back. So nobody asks the provider meanwhile. Port and injection token
 * in one; optional: see {@link NO_BROKER}.
 */
export abstract class BrokerBackpressure {
  /**
   * May the broker hold back a frame that is older than what we know from elsewhere? A feed that is caught up says no,
   * with QoS 1 too: what the broker sends next is new. As of at most 250 ms ago.
   */
  abstract readonly brokerWaits: boolean;
  /**
   * The newest moment at which the broker surely held nothing back: what it sends later was published later. Our clock,
   * unix ms; infinite where the broker waits for nobody. A feed that is never silent has no such moment.
   */
  abstract readonly emptyAtMs: number;
  /** Has an update waited so long for its fate that the broker may wait, too? With a clock that was set back nobody can say: it may have. */
  abstract readonly isBehind: boolean;
  /** Is nothing held back any more, as far as can be known? */
  abstract readonly isOver: boolean;
}

/** Of a host without the ingest module: whoever brings its frames may be late with them, but nobody says so. */
export const NO_BROKER: BrokerBackpressure = Object.freeze({
  brokerWaits: false,
  emptyAtMs: Number.POSITIVE_INFINITY,
  isBehind: false,
  isOver: true,
});
