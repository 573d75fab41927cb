import { Injectable, Logger } from '@nestjs/common';
import type { MqttClient } from 'mqtt';
import { FeedLog } from '../../feed-log.js';
import { MqttFeedStatus } from '../../mqtt-feed-status.service.js';
import { ResolvedMqttIngestOptions } from '../../mqtt-ingest.options.js';

const REFUSED = 128;
const RETRY_REFUSED_MS = 30_000;

/**
 * The subscription of one connection after the other: asked for on every connect, its answer checked topic by topic.
 * No answer within the connect timeout drops the connection; refused topics are asked for again every 30 s.
 */
@Injectable()
export class TopicSubscription {
  private readonly logger = new Logger(TopicSubscription.name);
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly status: MqttFeedStatus,
    private readonly log: FeedLog,
    private readonly options: ResolvedMqttIngestOptions,
  ) {}

  /**
   * Call when the client has connected.
   * @param accepted told after every answer that granted at least one topic
   */
  start(client: MqttClient, accepted: () => void, topics: readonly string[] = this.options.topics): void {
    this.later(this.options.connectTimeoutMs, () => {
      this.logger.warn('The broker did not answer the subscription: connecting again', { topics });
      client.stream.destroy();
    });
    const answerTimer = this.timer;
    client.subscribe([...topics], { qos: this.options.qos }, (_error, _grants, suback) => {
      // Without SUBACK the connection broke; with another timer the answer is that of an earlier connection.
      if (!suback || this.timer !== answerTimer) return;
      this.cancel();
      const codes = suback.granted.map(Number);
      const refused = this.review(Object.fromEntries(topics.map((topic, index) => [topic, codes[index] ?? REFUSED])));
      if (refused.length < topics.length) accepted();
      if (refused.length > 0) this.later(RETRY_REFUSED_MS, () => this.start(client, accepted, refused));
    });
  }

  /** Call when the connection is gone or going. */
  cancel(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Returns the refused topics. */
  private review(granted: Readonly<Record<string, number>>): readonly string[] {
    this.status.noteGranted(granted);
    const answers = Object.entries(granted);
    const refused = answers.filter(([, code]) => code >= REFUSED);
    for (const [topic, code] of refused) {
      this.logger.warn('The broker refused the subscription: no message of this topic will come', { topic, code });
    }
    const accepted = answers.filter(([, code]) => code < REFUSED);
    for (const [topic, qos] of accepted.filter(([, code]) => code < this.options.qos)) {
      this.logger.warn('The broker granted less than asked', { topic, asked: this.options.qos, granted: qos });
    }
    if (accepted.length > 0) this.log.subscribed(accepted.map(([topic]) => topic));
    return refused.map(([topic]) => topic);
  }

  private later(delayMs: number, action: () => void): void {
    this.cancel();
    this.timer = setTimeout(action, delayMs);
    this.timer.unref();
  }
}
