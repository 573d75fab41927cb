import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const CONNACK = Buffer.from([0x20, 2, 0, 0]);
const PINGRESP = Buffer.from([0xd0, 0]);
const CONNECT = 1;
const PUBACK = 4;
const SUBSCRIBE = 8;
const PINGREQ = 12;

/**
 * No broker: one socket that answers CONNECT and SUBSCRIBE and then sends packets encoded beforehand. It knows as much
 * MQTT 3.1.1 as mqtt.js needs.
 */
export class FeedServer {
  /** PUBACKs that came since the beginning */
  acknowledged = 0;
  private subscriber: Socket | null = null;

  private constructor(
    private readonly server: Server,
    private readonly qos: 0 | 1,
  ) {
    server.on('connection', (socket) => this.serve(socket));
  }

  static async start(qos: 0 | 1): Promise<FeedServer> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FeedServer(server, qos);
  }

  get url(): string {
    return `mqtt://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The socket of whoever subscribed. */
  get socket(): Socket {
    if (!this.subscriber) throw new Error('nobody has subscribed to the feed');
    return this.subscriber;
  }

  async close(): Promise<void> {
    this.subscriber?.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private serve(socket: Socket): void {
    let rest: Buffer = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      rest = this.take(socket, rest.length === 0 ? data : Buffer.concat([rest, data]));
    });
  }

  /** @returns what is left of an incomplete packet */
  private take(socket: Socket, data: Buffer): Buffer {
    let at = 0;
    for (;;) {
      const length = packetLength(data, at);
      if (length === null || at + length > data.length) return data.subarray(at);
      this.answer(socket, data.subarray(at, at + length));
      at += length;
    }
  }

  private answer(socket: Socket, packet: Buffer): void {
    switch ((packet[0] ?? 0) >> 4) {
      case CONNECT:
        socket.write(CONNACK);
        break;
      case SUBSCRIBE:
        socket.write(Buffer.from([0x90, 3, packet[2] ?? 0, packet[3] ?? 0, this.qos]));
        this.subscriber = socket;
        break;
      case PINGREQ:
        socket.write(PINGRESP);
        break;
      case PUBACK:
        this.acknowledged++;
    }
  }
}

/** Of the packet at `at`, fixed header included; null when its length is not known yet. */
function packetLength(data: Buffer, at: number): number | null {
  let length = 0;
  for (let n = 1; n <= 4; n++) {
    const byte = data[at + n];
    if (byte === undefined) return null;
    length += (byte & 0x7f) << (7 * (n - 1));
    if (byte < 0x80) return 1 + n + length;
  }
  throw new Error('not MQTT');
}
