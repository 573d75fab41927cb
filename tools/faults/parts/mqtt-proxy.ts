import { type Packet, type Parser, parser as packetParser } from 'mqtt-packet';
import { type Link, TcpProxy } from './tcp-proxy.js';

/** What the broker and the host said to each other about QoS 1 messages. */
export interface DeliveryWitness {
  /** the broker handed the message to the host, not for the first time if `again` */
  delivered(payload: string, again: boolean): void;
  /** the host told the broker to forget the message */
  acknowledged(payload: string): void;
  /** the host acknowledged a packet id that was not open on this connection */
  acknowledgedUnknown(packetId: number): void;
}

/** Between the host and the broker: reads along and tells the witness. */
export class MqttProxy extends TcpProxy {
  private established = 0;

  constructor(
    target: { readonly host: string; readonly port: number },
    private readonly witness: DeliveryWitness,
  ) {
    super(target);
  }

  /** connections that the broker accepted so far */
  get sessions(): number {
    return this.established;
  }

  /** connections of hosts that are up now */
  get connections(): number {
    return [...this.links].filter((link) => !link.client.destroyed && !link.frozen).length;
  }

  protected override opened(link: Link): void {
    const open = new Map<number, string>();
    const fromBroker = parserOf((packet) => this.heardBroker(packet, open));
    const fromHost = parserOf((packet) => {
      if (packet.cmd === 'connect' && packet.protocolVersion)
        fromBroker.settings.protocolVersion = packet.protocolVersion;
      this.heardHost(packet, open);
    });
    link.client.on('data', (chunk) => {
      if (!link.frozen) fromHost.parser.parse(chunk);
    });
    link.server.on('data', (chunk) => {
      if (!link.frozen) fromBroker.parser.parse(chunk);
    });
  }

  private heardBroker(packet: Packet, open: Map<number, string>): void {
    if (packet.cmd === 'connack') this.established += 1;
    if (packet.cmd !== 'publish' || packet.qos !== 1 || packet.messageId === undefined) return;
    const payload = packet.payload.toString();
    open.set(packet.messageId, payload);
    this.witness.delivered(payload, packet.dup);
  }

  private heardHost(packet: Packet, open: Map<number, string>): void {
    if (packet.cmd !== 'puback' || packet.messageId === undefined) return;
    const payload = open.get(packet.messageId);
    open.delete(packet.messageId);
    if (payload === undefined) this.witness.acknowledgedUnknown(packet.messageId);
    else this.witness.acknowledged(payload);
  }
}

interface ListeningParser {
  readonly parser: Parser;
  /** the broker's side speaks the version that the host's CONNECT named */
  readonly settings: { protocolVersion: number };
}

function parserOf(listen: (packet: Packet) => void): ListeningParser {
  const settings = { protocolVersion: 4 };
  const parser = packetParser(settings);
  parser.on('packet', listen);
  parser.on('error', (error: Error) => {
    throw new Error('The proxy cannot read what broker and host say', { cause: error });
  });
  return { parser, settings };
}
