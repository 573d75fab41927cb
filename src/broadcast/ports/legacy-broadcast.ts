import type { ClientFrame } from './client-frame.js';

/**
 * The port sends through the host's existing `/ws` broadcaster. When the host binds it, the frames of the direct path
 * leave through it and the package opens no WebSocket endpoint of its own, so that one socket serves the matches of
 * both paths. Port and injection token in one.
 */
export abstract class LegacyBroadcastPort {
  /**
   * Sends the frame to every client; `version` and `epoch` are to go with it. Called after the commit, in commit order.
   * Whatever it throws is logged, and the next frame follows.
   * @param mqttReceivedTs receipt of the MQTT frame that carried the change, unix ms; null for changes from elsewhere,
   * and for cards and substitutions
   */
  abstract broadcast(event: ClientFrame, mqttReceivedTs: number | null): void;
}
