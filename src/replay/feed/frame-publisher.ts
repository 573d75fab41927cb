import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { within } from '../../kernel/deadline.js';
import { REAL_TIME } from '../../kernel/scheduler.js';
import { readAddress } from '../../kernel/service-address.js';
import { UnreachableError } from '../../kernel/unreachable.errors.js';

export interface BrokerAddress {
  readonly url: string;
  readonly topic: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** @default 0, as the provider */
  readonly qos?: 0 | 1 | undefined;
}

/** Messages handed to the client and not yet on the wire (QoS 0) or acknowledged (QoS 1). */
const WINDOW = 256;
const CONNECT_TIMEOUT_MS = 5_000;
const WINDOW_TIMEOUT_MS = 15_000;
const END_TIMEOUT_MS = 2_000;

/** Publishes messages in order over one connection. A connection that breaks fails the run: order would be lost. */
export class FramePublisher {
  private inFlight = 0;
  private failure: UnreachableError | undefined;
  private wake: (() => void) | undefined;

  private constructor(
    private readonly client: MqttClient,
    private readonly broker: BrokerAddress,
  ) {
    client.on('close', () => this.fail(new Error('the connection was closed')));
    client.on('error', (error) => this.fail(error));
  }

  /** @throws UnreachableError when the broker does not answer within 5 s or refuses */
  static async connect(broker: BrokerAddress): Promise<FramePublisher> {
    return new FramePublisher(await connectOnce(broker), broker);
  }

  /** Resolves when the window has room again; rejects when the connection broke. */
  async publish(payload: string): Promise<void> {
    if (this.failure) throw this.failure;
    this.inFlight++;
    this.client.publish(this.broker.topic, payload, { qos: this.broker.qos ?? 0 }, (error) => {
      this.inFlight--;
      if (error) this.fail(error);
      this.wake?.();
    });
    await this.untilInFlight(WINDOW);
  }

  /** Waits until everything is on the wire (QoS 0) or acknowledged (QoS 1). */
  async flush(): Promise<void> {
    await this.untilInFlight(0);
  }

  async close(): Promise<void> {
    this.client.removeAllListeners('close');
    await endClient(this.client);
  }

  private async untilInFlight(most: number): Promise<void> {
    const deadline = REAL_TIME.monotonicMs() + WINDOW_TIMEOUT_MS;
    while (this.inFlight > most && !this.failure) {
      const leftMs = deadline - REAL_TIME.monotonicMs();
      if (leftMs <= 0) this.fail(new Error(`nothing was accepted for ${WINDOW_TIMEOUT_MS} ms`));
      else await this.nextChange(leftMs);
    }
    if (this.failure) throw this.failure;
  }

  private async nextChange(timeoutMs: number): Promise<void> {
    const changed = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    await within(changed, timeoutMs, REAL_TIME);
  }

  private fail(cause: unknown): void {
    this.failure ??= new UnreachableError('MQTT broker', this.broker.url, cause);
    this.wake?.();
  }
}

async function connectOnce(broker: BrokerAddress): Promise<MqttClient> {
  try {
    readAddress('MQTT broker', broker.url);
    return await connectAsync(broker.url, clientOptions(broker), false);
  } catch (cause) {
    throw new UnreachableError('MQTT broker', broker.url, cause);
  }
}

function clientOptions({ username, password }: BrokerAddress): IClientOptions {
  return {
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    clean: true,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}

async function endClient(client: MqttClient): Promise<void> {
  client.on('error', () => {});
  const forced = AbortSignal.timeout(END_TIMEOUT_MS);
  forced.addEventListener('abort', () => client.stream?.destroy());
  await client.endAsync(!client.connected);
}
