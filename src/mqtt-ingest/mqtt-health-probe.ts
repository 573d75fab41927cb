import { Injectable, Optional } from '@nestjs/common';
import type { BrokerHints, DeliveryFacts, FeedFacts } from '../contracts/health-facts.js';
import { ageS, type HealthPart, HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { Clock } from '../kernel/clock.js';
import { MqttFeedStatus } from './mqtt-feed-status.service.js';

const REFUSED_QOS = 128;
const BROKER_HINTS: BrokerHints = { max_inflight_messages: 1_000, max_queued_messages: 100_000 };

/** The ingest reports the connection to the broker. */
@Injectable()
export class MqttHealthProbe extends HealthProbe {
  constructor(
    private readonly status: MqttFeedStatus,
    private readonly clock: Clock,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
  }

  override health(): HealthPart {
    return { feed: connectionFacts(this.status, this.clock.nowMs()) };
  }
}

function connectionFacts(status: MqttFeedStatus, nowMs: number): FeedFacts {
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
