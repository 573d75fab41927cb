import { Injectable, Logger } from '@nestjs/common';
import type { IPublishPacket, MqttClient, Packet } from 'mqtt';
import { Clock } from '../../../kernel/clock.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import { MqttFeedStatus } from '../../mqtt-feed-status.service.js';
import { ResolvedMqttIngestOptions } from '../../mqtt-ingest.options.js';
import type { FeedPacket } from '../../ports/feed-connection.js';
import { AckWindow } from './ack-window.js';
import { ReadingPause } from './reading-pause.js';

type Publish = IPublishPacket & { acknowledge?: () => void };

/**
 * Takes the acknowledging of QoS 1 messages out of mqtt.js's hands, which would hand out one message at a time: in the
 * event before mqtt.js looks at a packet, the packet is made one of QoS 0, and what is owed to the broker goes into the
 * window of its connection. QoS 2, which we never subscribe with, stays with mqtt.js.
 */
@Injectable()
export class Acknowledgements {
  private readonly logger = new Logger(Acknowledgements.name);
  private readonly reuse = new SampledWarning(
    this.logger,
    'The broker uses message ids again that it was not told we are done with: both messages are taken',
  );
  private window: AckWindow | null = null;
  private current: (() => void) | null = null;
  /** the packet is in the window already */
  private repeated = false;
  private taking = true;

  constructor(
    private readonly clock: Clock,
    private readonly status: MqttFeedStatus,
    private readonly options: ResolvedMqttIngestOptions,
    private readonly pause: ReadingPause,
  ) {}

  /** acknowledgements owed on the present connection */
  get owed(): number {
    return this.window?.size ?? 0;
  }

  /** A new connection, at its CONNACK. */
  begin(client: MqttClient): void {
    const { stream } = client;
    this.window = new AckWindow((packets) => {
      if (stream.writable) stream.write(packets);
      this.pause.freed(this.owed);
    });
    this.status.noteWindow(this.window);
  }

  /**
   * A publish packet, before mqtt.js handles it. One that the broker sends again on the same connection, as some do when
   * the acknowledgement takes long, is the message that is in flight under its id. Without DUP the broker has begun to use
   * the id for another message, as Mosquitto does far beyond its window: both are taken, and acknowledged in their turn.
   * @returns false when the broker broke the protocol: the connection cannot go on
   */
  withhold(packet: Packet & { cmd: 'publish' }): boolean {
    this.repeated = false;
    if (packet.qos !== 1 || this.leaveToClient) return true;
    packet.qos = 0;
    if (!this.taking || !this.window) return true;
    const messageId = packet.messageId ?? 0;
    const isKnown = this.window.holds(messageId);
    this.repeated = packet.dup && isKnown;
    if (this.repeated) return true;
    if (isKnown) this.reuse.warn({ messageId, unacknowledged: this.owed });
    this.current = this.window.open(messageId, this.clock.nowMs());
    if (this.current) return true;
    this.logger.error('The broker sent a message without a message id: connecting again');
    return false;
  }

  /**
   * Lets mqtt.js go on with the next message: at once, or when there is room for it.
   * @returns false when it has to wait
   */
  admitNext(client: MqttClient, goOn: () => void): boolean {
    if (!this.pause.isFull(this.owed)) return true;
    this.pause.hold(client, goOn);
    return false;
  }

  /**
   * The same packet as the client's users get it: with its true QoS, and the function that acknowledges it; null when
   * they have it already.
   */
  complete(packet: IPublishPacket): FeedPacket | null {
    if (this.repeated) return null;
    if (this.current) {
      const received: Publish = packet;
      received.qos = 1;
      received.acknowledge = this.current;
      this.current = null;
    }
    return packet;
  }

  /** From now on messages are neither handled nor acknowledged: the broker keeps them for the next connection. */
  stopTaking(): void {
    this.taking = false;
  }

  /** The connection is gone. */
  drop(): void {
    this.window?.drop();
    this.window = null;
    this.current = null;
    this.status.noteWindow(null);
    this.pause.end();
  }

  /** mqtt.js acknowledges as soon as it has handed a message out; but not what nobody takes any more. */
  private get leaveToClient(): boolean {
    return this.options.acknowledge === 'on-receipt' && this.taking;
  }
}
