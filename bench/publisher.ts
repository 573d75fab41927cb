import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Feed } from './feed.js';
import { encodePackets } from './publish-packet.js';
import type { SubjectProcess } from './subject-process.js';

/** Messages on their way between publisher and subject: few enough that no broker drops one. */
const WINDOW = 2_000;
const CHUNK = 100;
/** A subject that makes no progress for this long has lost messages. */
const STALL_MS = 5_000;

/** Feeds the subject through the broker. */
export class Publisher implements Feed {
  private constructor(
    private readonly client: MqttClient,
    private readonly topic: string,
    private readonly qos: 0 | 1,
  ) {}

  static async connect(mqttUrl: string, topic: string, qos: 0 | 1): Promise<Publisher> {
    return new Publisher(await connectAsync(mqttUrl, { connectTimeout: 5_000 }), topic, qos);
  }

  publish(payload: Buffer): void {
    this.client.publish(this.topic, payload, { qos: this.qos });
  }

  /** Calls `send` once per interval; late turns are caught up. */
  async pace(count: number, perSecond: number, send: (turn: number) => void): Promise<void> {
    const start = performance.now();
    for (let turn = 0; turn < count; turn++) {
      const waitMs = start + (turn * 1000) / perSecond - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      send(turn);
    }
  }

  async flood(payloads: readonly Buffer[], subject: SubjectProcess): Promise<number | null> {
    const chunks = encodePackets(this.topic, payloads, this.qos, CHUNK);
    const start = performance.now();
    let sent = 0;
    for (const chunk of chunks) {
      const accepted = await subject.untilProgress(({ received }) => sent - received < WINDOW, STALL_MS);
      if (!accepted) return null;
      if (!this.client.stream.write(chunk)) {
        await once(this.client.stream, 'drain', { signal: AbortSignal.timeout(STALL_MS) });
      }
      sent = Math.min(sent + CHUNK, payloads.length);
    }
    const absorbed = await subject.untilProgress((progress) => progress.absorbed >= payloads.length, STALL_MS);
    return absorbed ? performance.now() - start : null;
  }

  async close(): Promise<void> {
    await this.client.endAsync();
  }
}
