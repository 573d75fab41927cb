import type { MqttFeedStatus } from '../../src/mqtt-ingest/mqtt-feed-status.service.js';

/** Waits for the broker's answer to the subscription, 10 s at most. */
export async function feedIsSubscribed(feed: MqttFeedStatus, topic: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (feed.grantedQos[topic] === undefined) {
    if (Date.now() > deadline) throw new Error(`the feed is not subscribed: ${feed.lastError}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
