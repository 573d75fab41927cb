/**
 * Does the broker still hold frames back? A broker that waits for acknowledgements does while this process is behind,
 * and one that kept our session does when we come back. The provider's answer is newer than those frames: taken before
 * them, it would make them look like goals taken back. So nobody asks the provider meanwhile. Port and injection token
 * in one; optional: see {@link NO_BROKER}.
 */
export abstract class BrokerBackpressure {
  /** False with QoS 0, or where messages are acknowledged on receipt: then no frame is held back for our sake. */
  abstract readonly brokerWaits: boolean;
  /** Has an update waited so long for its fate that the broker may wait, too? With a clock that was set back nobody can say: it may have. */
  abstract readonly isBehind: boolean;
  /** Is nothing held back any more, as far as can be known? */
  abstract readonly isOver: boolean;
}

/** Of a host without the ingest module: whoever brings its frames may be late with them, but nobody says so. */
export const NO_BROKER: BrokerBackpressure = Object.freeze({ brokerWaits: true, isBehind: false, isOver: true });
