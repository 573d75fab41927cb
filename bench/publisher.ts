import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import type { SubjectProcess } from './subject-process.js';

/** Messages on their way between publisher and subject: few enough that no broker drops a QoS 0 message. */
const WINDOW = 2_000;
const CHUNK = 100;
/** A subject that makes no progress for this long has lost messages. */
const STALL_MS = 5_000;

export class Publisher {
  private constructor(
    private readonly client: MqttClient,
    private readonly topic: string,
  ) {}

  static async connect(mqttUrl: string, topic: string): Promise<Publisher> {
    return new Publisher(await connectAsync(mqttUrl, { connectTimeout: 5_000 }), topic);
  }

  publish(payload: Buffer): void {
    this.client.publish(this.topic, payload, { qos: 0 });
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

  /**
   * Offers the payloads as fast as the subject takes them from the broker.
   * The packets are encoded beforehand, so that the publisher costs the machine little.
   * @returns milliseconds until the subject had absorbed the last one; null when messages were lost or refused
   */
  async flood(payloads: readonly Buffer[], subject: SubjectProcess): Promise<number | null> {
    const chunks = this.encode(payloads);
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

  private encode(payloads: readonly Buffer[]): Buffer[] {
    const chunks: Buffer[] = [];
    for (let i = 0; i < payloads.length; i += CHUNK) {
      chunks.push(Buffer.concat(payloads.slice(i, i + CHUNK).flatMap((payload) => publishPacket(this.topic, payload))));
    }
    return chunks;
  }
}

/** MQTT 3.1.1 section 3.3: a PUBLISH packet with QoS 0, no flags. */
function publishPacket(topic: string, payload: Buffer): Buffer[] {
  const name = Buffer.from(topic);
  const header = [0x30];
  let remaining = 2 + name.length + payload.length;
  do {
    header.push((remaining & 0x7f) | (remaining > 0x7f ? 0x80 : 0));
    remaining >>>= 7;
  } while (remaining > 0);
  header.push(name.length >> 8, name.length & 0xff);
  return [Buffer.from(header), name, payload];
}
