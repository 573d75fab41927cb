import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ClientSubscribeCallback, MqttClient } from 'mqtt';
import { Accounting } from '../../../kernel/accounting.js';
import { SystemClock } from '../../../kernel/clock.js';
import { EventLog } from '../../../kernel/event-log.js';
import { SystemScheduler } from '../../../kernel/scheduler.js';
import { FeedLog } from '../../feed-log.js';
import { FeedSignalStream } from '../../feed-signal-stream.js';
import { MqttFeedStatus } from '../../mqtt-feed-status.service.js';
import { resolveMqttIngestOptions } from '../../mqtt-ingest.options.js';
import { UnacknowledgedBacklog } from '../../unacknowledged-backlog.js';
import { TopicSubscription } from './topic-subscription.js';

interface Request {
  readonly topics: string[];
  readonly qos: number;
  answer(granted: number[] | null): void;
}

/** A client whose broker answers when the spec says so. */
class ScriptedClient {
  readonly requests: Request[] = [];
  dropped = 0;
  readonly stream = {
    destroy: () => {
      this.dropped += 1;
    },
  };

  subscribe(topics: string[], { qos }: { qos: number }, callback: ClientSubscribeCallback): void {
    const answer = (granted: number[] | null) => {
      if (granted) callback(null, [], { cmd: 'suback', messageId: 1, granted });
      else callback(new Error('Connection closed'), []);
    };
    this.requests.push({ topics, qos, answer });
  }
}

describe('TopicSubscription', () => {
  const warnings: unknown[][] = [];
  let client: ScriptedClient;
  let status: MqttFeedStatus;
  let subscription: TopicSubscription;
  let accepted = 0;
  const start = () =>
    subscription.start(client as unknown as MqttClient, () => {
      accepted += 1;
    });

  beforeEach(() => {
    jest.useFakeTimers();
    warnings.length = 0;
    accepted = 0;
    const ignore = () => undefined;
    Logger.overrideLogger({
      log: ignore,
      error: ignore,
      warn: (...line: unknown[]) => warnings.push(line.slice(0, 2)),
    });
    const options = resolveMqttIngestOptions({ topics: ['a', 'b'], qos: 1, connectTimeoutMs: 5_000 });
    const clock = new SystemClock();
    client = new ScriptedClient();
    status = new MqttFeedStatus(
      clock,
      options,
      new UnacknowledgedBacklog(clock, new SystemScheduler(), new Accounting(), new FeedSignalStream()),
    );
    subscription = new TopicSubscription(
      status,
      new FeedLog(clock, new EventLog(clock), options),
      options,
      new SystemScheduler(),
    );
  });
  afterEach(() => {
    subscription.cancel();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('asks for all topics and remembers what was granted', () => {
    start();
    expect(client.requests).toMatchObject([{ topics: ['a', 'b'], qos: 1 }]);
    client.requests[0]?.answer([1, 1]);
    expect(status.grantedQos).toEqual({ a: 1, b: 1 });
    expect(warnings).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('names a topic that was granted less than asked', () => {
    start();
    client.requests[0]?.answer([1, 0]);
    expect(status.grantedQos).toEqual({ a: 1, b: 0 });
    expect(warnings).toEqual([['The broker granted less than asked', { topic: 'b', asked: 1, granted: 0 }]]);
  });

  it('asks for refused topics again every 30 s, until they are granted', () => {
    start();
    client.requests[0]?.answer([1, 135]);
    expect(warnings).toEqual([
      ['The broker refused the subscription: no message of this topic will come', { topic: 'b', code: 135 }],
    ]);
    jest.advanceTimersByTime(30_000);
    expect(client.requests[1]?.topics).toEqual(['b']);
    client.requests[1]?.answer([128]);
    jest.advanceTimersByTime(30_000);
    client.requests[2]?.answer([1]);
    jest.advanceTimersByTime(60_000);
    expect(client.requests).toHaveLength(3);
    expect(accepted).toBe(2);
    expect(status.grantedQos).toEqual({ a: 1, b: 1 });
  });

  it('drops a connection that does not answer in time', () => {
    start();
    jest.advanceTimersByTime(4_999);
    expect(client.dropped).toBe(0);
    jest.advanceTimersByTime(1);
    expect(client.dropped).toBe(1);
  });

  it('takes no answer of an earlier connection, and none of a broken one', () => {
    start();
    start();
    client.requests[0]?.answer([0, 0]);
    client.requests[1]?.answer(null);
    expect(status.grantedQos).toEqual({});
    client.requests[1]?.answer([1, 1]);
    expect(status.grantedQos).toEqual({ a: 1, b: 1 });
  });
});
