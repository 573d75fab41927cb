import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';

const TAKEN_TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 20;

/** Publishes straight to the broker with QoS 1, at a steady rate; what was late is caught up with. */
export class Publisher {
  private sentCount = 0;
  private takenCount = 0;
  private isStopped = false;

  private constructor(
    private readonly client: MqttClient,
    private readonly topic: string,
  ) {}

  static async connect(url: string, topic: string): Promise<Publisher> {
    return new Publisher(await connectAsync(url, { connectTimeout: 5_000 }), topic);
  }

  get sent(): number {
    return this.sentCount;
  }

  /**
   * Resolves after `stop`, when the broker has taken over every message.
   * @param next gives the payload with this number
   */
  async run(perSecond: number, next: (number: number) => Promise<string>, signal: AbortSignal): Promise<void> {
    const start = performance.now();
    while (!this.isStopped) {
      const due = Math.floor(((performance.now() - start) * perSecond) / 1000);
      while (this.sentCount < due) {
        signal.throwIfAborted();
        const payload = await next(this.sentCount);
        this.client.publish(this.topic, payload, { qos: 1 }, (error) => {
          if (!error) this.takenCount += 1;
        });
        this.sentCount += 1;
      }
      await sleep(2, undefined, { signal });
    }
    for (let waitedMs = 0; this.takenCount < this.sentCount; waitedMs += LOOK_EVERY_MS) {
      if (waitedMs > TAKEN_TIMEOUT_MS)
        throw new Error(`The broker took over ${this.takenCount} of ${this.sentCount} messages`);
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  }

  stop(): void {
    this.isStopped = true;
  }

  async close(): Promise<void> {
    await this.client.endAsync(true);
  }
}
