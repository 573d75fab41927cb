import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The headers of a request that asks for another protocol. */
export function upgradeRequest(path: string, { method = 'GET', upgrade = 'websocket', headers = '' } = {}): string {
  const key =
    upgrade === 'websocket' ? 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' : '';
  return `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\n${key}${headers}\r\n`;
}

/** A frame as a client sends it, with a mask of zeros. */
export function clientFrame(opcode: number, payload: Buffer | string = '', fin = true): Buffer {
  const bytes = Buffer.from(payload);
  const [first, mask] = [(fin ? 0x80 : 0) | opcode, Buffer.alloc(4)];
  if (bytes.length < 126) return Buffer.concat([Buffer.from([first, 0x80 | bytes.length]), mask, bytes]);
  return Buffer.concat([Buffer.from([first, 0xfe, bytes.length >> 8, bytes.length & 255]), mask, bytes]);
}

/** A client that is bound to no protocol: it keeps its half open, and it reads or not, as it likes. */
export class RawSocket {
  received = Buffer.alloc(0);
  closed = false;
  /** the server ended its half, or the connection */
  ended = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]).subarray(0, 65_536);
    });
    socket.on('error', () => undefined);
    socket.on('end', () => {
      this.ended = true;
    });
    socket.on('close', () => {
      this.closed = true;
      this.ended = true;
    });
  }

  /** @param address host:port. @param request what is sent at once */
  static async connect(address: string, request: string | Buffer = '', localAddress?: string): Promise<RawSocket> {
    const [host, port] = address.split(':');
    const socket = connect({ host, port: Number(port), allowHalfOpen: true, ...(localAddress && { localAddress }) });
    const client = new RawSocket(socket);
    await once(socket, 'connect');
    if (request.length > 0) socket.write(request);
    return client;
  }

  /** The first line of the answer; empty before it. */
  get status(): string {
    return this.received.toString('latin1').split('\r\n', 1)[0] ?? '';
  }

  /** Sends the same bytes without pause, as fast as they are taken. */
  flood(bytes: Buffer): void {
    const write = () => {
      while (!this.socket.destroyed && this.socket.write(bytes));
      if (!this.socket.destroyed) this.socket.once('drain', () => setImmediate(write));
    };
    write();
  }

  /** The code of the close frame that came, if one did. */
  get closeCode(): number | undefined {
    const head = this.received.indexOf('\r\n\r\n') + 4;
    for (let at = head; at + 2 <= this.received.length; ) {
      const [opcode, length] = [this.received[at]! & 15, this.received[at + 1]! & 127];
      const [start, size] = length === 126 ? [at + 4, this.received.readUInt16BE(at + 2)] : [at + 2, length];
      if (opcode === 8 && start + 2 <= this.received.length) return this.received.readUInt16BE(start);
      at = start + size;
    }
    return undefined;
  }

  destroy(): void {
    this.socket.destroy();
  }
}
