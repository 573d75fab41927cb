import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { eventually } from '../../../test/support/eventually.js';
import type { LoadPlan } from '../model/load-plan.js';
import type { Message } from '../model/message.js';

const TAKEN_TIMEOUT_MS = 60_000;

export interface PublishedLoad {
  /** Resolves when so many messages of the round have been sent. */
  reached(count: number): Promise<void>;
  /** Resolves when the broker has taken over the last one. */
  readonly done: Promise<void>;
}

/**
 * Publishes straight to the broker with QoS 1. A match's next message waits until the broker has taken over the one
 * before: what a publisher repeats after a broken connection is then never older than what came after it.
 */
export class Publisher {
  private constructor(
    private readonly client: MqttClient,
    private readonly topic: string,
  ) {}

  static async connect(url: string, topic: string): Promise<Publisher> {
    const client = await connectAsync(url, {
      clientId: `fault-suite-${process.pid}-${Math.random().toString(16).slice(2, 8)}`,
      clean: false,
      reconnectPeriod: 100,
      connectTimeout: 5_000,
    });
    client.on('error', () => undefined);
    return new Publisher(client, topic);
  }

  /**
   * @param before called with each message just before it is sent, and awaited
   * @param signal ends the load early
   */
  start(
    { messages }: LoadPlan,
    perSecond: number,
    before: (message: Message) => Promise<void> | void,
    signal: AbortSignal,
  ): PublishedLoad {
    let sent = 0;
    const done = this.send(messages, perSecond, before, signal, () => {
      sent += 1;
    });
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    done.then(end, end);
    const reached = async (count: number) => {
      const target = Math.min(count, messages.length);
      while (sent < target && !isOver) await sleep(2);
    };
    return { reached, done };
  }

  private async send(
    messages: readonly Message[],
    perSecond: number,
    before: (message: Message) => Promise<void> | void,
    signal: AbortSignal,
    sent: () => void,
  ): Promise<void> {
    const open = new Map<string, Promise<unknown>>();
    const start = performance.now();
    for (const [n, message] of messages.entries()) {
      signal.throwIfAborted();
      const waitMs = start + (n * 1000) / perSecond - performance.now();
      if (waitMs > 1) await sleep(waitMs);
      for (const { matchId } of message.frames) await open.get(matchId);
      await before(message);
      const taken = this.client.publishAsync(this.topic, message.payload, { qos: 1 });
      taken.catch(() => undefined);
      for (const { matchId } of message.frames) open.set(matchId, taken);
      open.set(`message ${message.kind}`, taken);
      sent();
    }
    const all = Promise.all(open.values()).then(() => true);
    let isTaken = false;
    all.then(() => {
      isTaken = true;
    });
    await eventually(() => isTaken, { what: 'the broker to take over every message', timeoutMs: TAKEN_TIMEOUT_MS });
  }

  async close(): Promise<void> {
    await this.client.endAsync(true);
  }
}
