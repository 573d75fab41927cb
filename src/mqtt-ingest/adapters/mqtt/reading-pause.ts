import { Injectable } from '@nestjs/common';
import type { MqttClient } from 'mqtt';
import { type Cancel, Scheduler } from '../../../kernel/scheduler.js';
import { ResolvedMqttIngestOptions } from '../../mqtt-ingest.options.js';

/** Reading goes on when a quarter of the window is free: one acknowledgement would let in one message. */
const GO_ON_BELOW = 0.75;

type Pinging = Pick<MqttClient, 'keepalive' | 'reschedulePing' | 'sendPing'>;

/**
 * A reading pause holds the next message of the connection back while too many are unacknowledged, and with it everything
 * behind it: mqtt.js then reads nothing from the socket. The answers to pings wait there too, and mqtt.js would take
 * their absence for a dead connection. So while the pause lasts its patience is renewed twice per keepalive, and a ping
 * is sent, so that the broker hears from us in time. A connection that died meanwhile shows when a ping cannot be sent.
 *
 * States: reading –a message, and the window is full→ holding –three quarters of it, or `end`→ reading.
 */
@Injectable()
export class ReadingPause {
  private readonly most: number;
  private goOn: (() => void) | null = null;
  private cancelPings: Cancel | null = null;

  constructor(
    private readonly scheduler: Scheduler,
    options: ResolvedMqttIngestOptions,
  ) {
    this.most = options.maxUnacknowledged;
  }

  /** Does a message wait for the window? */
  get isHolding(): boolean {
    return this.goOn !== null;
  }

  /** Is this too many for another message? */
  isFull(unacknowledged: number): boolean {
    return unacknowledged >= this.most;
  }

  /** @param goOn lets mqtt.js go on with the next message: called once */
  hold(client: Pinging, goOn: () => void): void {
    this.goOn = goOn;
    this.cancelPings = this.scheduler.every((client.keepalive * 1_000) / 2, () => {
      client.reschedulePing(true);
      client.sendPing();
    });
  }

  /** Acknowledgements have left. */
  freed(unacknowledged: number): void {
    if (this.goOn && unacknowledged <= this.most * GO_ON_BELOW) this.end();
  }

  /** The pause is over, whatever the window says: the connection is gone. */
  end(): void {
    const { goOn } = this;
    this.goOn = null;
    this.cancelPings?.();
    this.cancelPings = null;
    goOn?.();
  }
}
