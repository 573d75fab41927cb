import type { FeedFreshness } from '../feed-recovery/feed-freshness.service.js';
import type { FeedMonitor } from '../feed-recovery/feed-monitor.service.js';
import type { MqttFeedStatus } from '../mqtt-ingest/mqtt-feed-status.service.js';

/** How much of the feed can be lost between broker and database, and what keeps it. */
export interface DeliveryFacts {
  /** quality of service that was asked for */
  readonly asked_qos: number;
  /** what the broker granted, by topic filter; 128 and above is refused */
  readonly granted_qos: Readonly<Record<string, number>>;
  /** the broker had kept our session when the connection began; null while disconnected */
  readonly session_present: boolean | null;
  readonly effective: 'at-most-once' | 'at-least-once';
  /** QoS 1 messages that are not acknowledged yet */
  readonly unacknowledged: number;
  /** age of the oldest of them, seconds; null when there is none */
  readonly oldest_unacknowledged_s: number | null;
}

/** Settings of the broker that decide what it keeps for us; named as Mosquitto names them. */
export interface BrokerHints {
  /** at least this many, or the broker waits for acknowledgements that follow the commit */
  readonly max_inflight_messages: number;
  /** at least this many: a minute without us at 1,500 messages a second. What does not fit, the broker drops */
  readonly max_queued_messages: number;
}

/** What is done about what the feed missed. */
export interface RecoveryReport {
  /** `off`: the provider cannot be asked */
  readonly state: 'off' | 'none' | 'due' | 'running';
  /** end of the last complete one, ISO 8601; null before the first */
  readonly last_at: string | null;
  /** why the last request failed; null when it did not */
  readonly last_error: string | null;
}

/** Of a host with the recovery module. */
export interface FeedStateFacts {
  readonly state: 'down' | 'recovering' | 'live' | 'delayed';
  /** ISO 8601: when the state began */
  readonly since: string;
  /** seconds back to the time up to which everything received is committed; null when nothing is known */
  readonly watermark_age_s: number | null;
  readonly recovery: RecoveryReport;
  /** matches that are being played; null while this process does not take the feed */
  readonly live_matches: number | null;
  /** of these, how many the feed does not speak of: their scores may be frozen */
  readonly no_feed: number | null;
}

/** The feed as it is now. Silence is not an outage: a quiet night has `connected: true` and no messages. */
export interface FeedFacts extends Partial<FeedStateFacts> {
  readonly connected: boolean;
  /** every topic was granted by the broker */
  readonly subscribed: boolean;
  /** seconds since the newest message, three decimals; null before the first */
  readonly seconds_since_message: number | null;
  readonly messages_60s: number;
  /** connections after the first one */
  readonly reconnects: number;
  readonly delivery: DeliveryFacts;
  /** with QoS 1 only */
  readonly broker_hints?: BrokerHints;
}

const REFUSED_QOS = 128;
const BROKER_HINTS: BrokerHints = { max_inflight_messages: 1_000, max_queued_messages: 100_000 };

export function connectionFacts(status: MqttFeedStatus, nowMs: number): FeedFacts {
  const { grantedQos, requestedQos } = status;
  return {
    connected: status.connected,
    subscribed: status.connected && status.topics.every((topic) => (grantedQos[topic] ?? REFUSED_QOS) < REFUSED_QOS),
    seconds_since_message: ageS(status.lastMessageAtMs, nowMs),
    messages_60s: status.messagesLast60s,
    reconnects: status.reconnects,
    delivery: deliveryFacts(status),
    ...(requestedQos === 1 && { broker_hints: BROKER_HINTS }),
  };
}

function deliveryFacts(status: MqttFeedStatus): DeliveryFacts {
  const { oldestUnacknowledgedMs } = status;
  return {
    asked_qos: status.requestedQos,
    granted_qos: status.grantedQos,
    session_present: status.sessionPresent,
    effective: status.effectiveDelivery,
    unacknowledged: status.unacknowledged,
    oldest_unacknowledged_s: oldestUnacknowledgedMs === null ? null : oldestUnacknowledgedMs / 1000,
  };
}

export function stateFacts(monitor: FeedMonitor, freshness: FeedFreshness, nowMs: number): FeedStateFacts {
  const { state, lastAtMs, lastError } = monitor.recoveryFacts;
  const { live, noFeed } = freshness.counts();
  return {
    state: monitor.state,
    since: new Date(monitor.sinceMs).toISOString(),
    watermark_age_s: ageS(monitor.watermarkMs, nowMs),
    recovery: { state, last_at: lastAtMs === null ? null : new Date(lastAtMs).toISOString(), last_error: lastError },
    live_matches: live,
    no_feed: noFeed,
  };
}

/** seconds, three decimals */
function ageS(atMs: number | null, nowMs: number): number | null {
  return atMs === null ? null : Math.max(0, Math.round(nowMs - atMs)) / 1000;
}
