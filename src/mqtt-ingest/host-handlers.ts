import { Injectable, Logger } from '@nestjs/common';
import { type MessageHandler, MqttContext } from '@nestjs/microservices';
import { LRUCache } from 'lru-cache';
import { isObservable } from 'rxjs';
import { Clock } from '../kernel/clock.js';
import { logFields } from '../kernel/log-fields.js';
import { LogSampler } from '../kernel/log-sampler.js';
import { describeError } from './describe-error.js';
import { matchesTopicFilter } from './topic-filter.js';

const REMEMBERED_TOPICS = 1_000;
const FAULT_LOG_PERIOD_MS = 10_000;

interface HostHandler {
  readonly filter: string;
  readonly handle: MessageHandler;
}

/**
 * The host's own `@EventPattern` handlers of the feed: every one whose pattern matches the topic runs, and none of them
 * can delay or stop another one or the feed. They get the message as it was published: its JSON value, or its text when
 * it is no JSON; the bytes are `context.getPacket().payload`.
 */
@Injectable()
export class HostHandlers {
  private readonly logger = new Logger(HostHandlers.name);
  private readonly sampler = new LogSampler(FAULT_LOG_PERIOD_MS);
  private readonly handlers: HostHandler[] = [];
  private readonly byTopic = new LRUCache<string, readonly HostHandler[]>({ max: REMEMBERED_TOPICS });

  constructor(private readonly clock: Clock) {}

  add(filter: string, handle: MessageHandler): void {
    this.handlers.push({ filter, handle });
    this.byTopic.clear();
  }

  /** Starts the handlers and returns. Never throws. */
  run(topic: string, payload: Uint8Array, packet: object): void {
    if (this.handlers.length === 0) return;
    const matching = this.matching(topic);
    if (matching.length === 0) return;
    const value = jsonOrText(payload);
    const context = new MqttContext([topic, packet]);
    for (const handler of matching) void this.runOne(handler, value, context);
  }

  private matching(topic: string): readonly HostHandler[] {
    const known = this.byTopic.get(topic);
    if (known) return known;
    const found = this.handlers.filter(({ filter }) => matchesTopicFilter(filter, topic));
    this.byTopic.set(topic, found);
    return found;
  }

  private async runOne({ filter, handle }: HostHandler, value: unknown, context: MqttContext): Promise<void> {
    try {
      const result: unknown = await handle(value, context);
      if (isObservable(result)) result.subscribe({ error: (error: unknown) => this.report(filter, error) });
    } catch (error) {
      this.report(filter, error);
    }
  }

  private report(filter: string, error: unknown): void {
    const suppressed = this.sampler.admit(filter, this.clock.nowMs());
    if (suppressed === null) return;
    this.logger.error('A handler of the host failed on a feed message', {
      pattern: filter,
      suppressed,
      ...logFields({ error: describeError(error) }),
    });
  }
}

function jsonOrText(payload: Uint8Array): unknown {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
