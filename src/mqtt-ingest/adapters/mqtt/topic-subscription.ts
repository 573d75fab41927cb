import { Injectable, Logger } from '@nestjs/common';
import type { MqttClient } from 'mqtt';
import { Scheduler } from '../../../kernel/scheduler.js';
import { Timer } from '../../../kernel/timer.js';
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
  private readonly timer: Timer;
  /** the newest question; its answer, and a cancel, make it another one */
  private question = 0;

  constructor(
    private readonly status: MqttFeedStatus,
    private readonly log: FeedLog,
    private readonly options: ResolvedMqttIngestOptions,
    scheduler: Scheduler,
  ) {
    this.timer = new Timer(scheduler);
  }

  /**
   * Call when the client has connected.
   * @param accepted told after every answer that granted at least one topic
   */
  start(client: MqttClient, accepted: () => void, topics: readonly string[] = this.options.topics): void {
    const question = ++this.question;
    this.timer.set(this.options.connectTimeoutMs, () => {
      this.logger.warn('The broker did not answer the subscription: connecting again', { topics });
      client.stream.destroy();
    });
    client.subscribe([...topics], { qos: this.options.qos }, (_error, _grants, suback) => {
      // Without SUBACK the connection broke; after another question the answer is that of an earlier connection.
      if (!suback || question !== this.question) return;
      this.cancel();
      const codes = suback.granted.map(Number);
      const refused = this.review(Object.fromEntries(topics.map((topic, index) => [topic, codes[index] ?? REFUSED])));
      if (refused.length < topics.length) accepted();
      if (refused.length > 0) this.timer.set(RETRY_REFUSED_MS, () => this.start(client, accepted, refused));
    });
  }

  /** Call when the connection is gone or going. */
  cancel(): void {
    this.question++;
    this.timer.clear();
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
}
