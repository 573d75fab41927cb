import { FeedMetrics } from './feed-metrics.js';

/** What clients and other instances are told. */
export class DeliveryMetrics extends FeedMetrics {
  readonly framesSent = this.counter('livescore_ws_frames_total', 'WebSocket frames broadcast', ['type']);
  /** by why: no place, too many or too often from one address, too often, no WebSocket, another origin, not authenticated or not in time, closing */
  readonly webSocketsRefused = this.counter(
    'livescore_ws_refused_total',
    'Upgrades that got no WebSocket',
    ['reason'],
    ['full'],
  );
  /** by why: sent too much, left too much unread alone or together, or answered no ping */
  readonly webSocketsCutOff = this.counter(
    'livescore_ws_cut_off_total',
    'WebSocket clients cut off',
    ['reason'],
    ['slow', 'slow-together'],
  );
  readonly reannounced = this.counter('livescore_reannounced_total', 'Changes told to clients again after a takeover');
  /** out: sent, failed, dropped, oversized, malformed; in: heard, own, newer, oversized, malformed */
  readonly busMessages = this.counter(
    'livescore_bus_messages_total',
    'Messages between instances by what came of them',
    ['direction', 'result'],
  );
  readonly busConnected = this.gauge(
    'livescore_bus_connected',
    'Does the bus reach the other instances: 1 or 0; 0 where there is none',
  );
  /** published, conflated with a newer one, refused for good, dropped because too many waited, or tried again later */
  readonly centrifugoPublications = this.counter(
    'livescore_centrifugo_publications_total',
    'Publications to channels of Centrifugo by what came of them',
    ['result'],
    ['published', 'refused', 'dropped'],
  );
}
