import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type IConnectPacket, type IPublishPacket, type Packet, type Parser, parser, writeToStream } from 'mqtt-packet';

export interface FakeBrokerOptions {
  readonly version: 4 | 5;
  /** what CONNACK says about the session. @default false */
  readonly sessionPresent?: boolean;
  /** @default true */
  readonly answersPings?: boolean;
  /** sent in one segment with CONNACK */
  readonly redelivered?: readonly Message[];
}

export interface Message {
  readonly messageId: number;
  readonly payload: string;
  /** @default 1 */
  readonly qos?: 0 | 1 | 2;
  readonly dup?: boolean;
}

/** One connection, as a broker sees it. */
export class FakeConnection {
  readonly received: Packet[] = [];
  readonly acknowledged: number[] = [];

  constructor(
    readonly socket: Socket,
    readonly connect: IConnectPacket,
    private readonly version: 4 | 5,
  ) {}

  send(...packets: readonly Packet[]): void {
    this.socket.cork();
    for (const packet of packets) writeToStream(packet, this.socket, { protocolVersion: this.version });
    this.socket.uncork();
  }

  publish(...messages: readonly Message[]): void {
    this.send(...messages.map(publishPacket));
  }
}

/** A broker on loopback that says what a test wants, byte by byte, in MQTT 3.1.1 or 5. */
export class FakeBroker {
  readonly connections: FakeConnection[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => this.accept(socket));

  private constructor(public options: FakeBrokerOptions) {}

  static async start(options: FakeBrokerOptions): Promise<FakeBroker> {
    const broker = new FakeBroker(options);
    broker.server.listen(0, '127.0.0.1');
    await once(broker.server, 'listening');
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get last(): FakeConnection {
    const connection = this.connections.at(-1);
    if (!connection) throw new Error('nobody has connected yet');
    return connection;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
    let connection: FakeConnection | null = null;
    const incoming: Parser = parser({ protocolVersion: this.options.version });
    incoming.on('packet', (packet: Packet) => {
      if (packet.cmd === 'connect') connection = this.welcome(socket, packet);
      else if (connection) answer(connection, packet, this.options.answersPings ?? true);
    });
    socket.on('data', (bytes) => incoming.parse(bytes));
  }

  private welcome(socket: Socket, connect: IConnectPacket): FakeConnection {
    const { version, sessionPresent = false, redelivered = [] } = this.options;
    const connection = new FakeConnection(socket, connect, version);
    this.connections.push(connection);
    const connack: Packet = {
      cmd: 'connack',
      sessionPresent,
      ...(version === 5 ? { reasonCode: 0 } : { returnCode: 0 }),
    };
    connection.send(connack, ...redelivered.map(publishPacket));
    return connection;
  }
}

function answer(connection: FakeConnection, packet: Packet, answersPings: boolean): void {
  connection.received.push(packet);
  if (packet.cmd === 'puback') connection.acknowledged.push(packet.messageId as number);
  else if (packet.cmd === 'subscribe') {
    const granted = packet.subscriptions.map(({ qos }) => qos);
    connection.send({ cmd: 'suback', messageId: packet.messageId as number, granted });
  } else if (packet.cmd === 'unsubscribe') {
    connection.send({ cmd: 'unsuback', messageId: packet.messageId as number, granted: [0] });
  } else if (packet.cmd === 'pingreq') {
    if (answersPings) connection.send({ cmd: 'pingresp' });
  } else if (packet.cmd === 'disconnect') connection.socket.end();
}

function publishPacket({ messageId, payload, qos = 1, dup = false }: Message): IPublishPacket {
  return { cmd: 'publish', topic: 'feed', payload, qos, dup, retain: false, ...(qos > 0 && { messageId }) };
}
