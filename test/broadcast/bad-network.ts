import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A port in front of a server: what goes through arrives later, in order, or gets lost, and nobody hears of it. */
export class BadNetwork {
  /** bytes of every connection get lost from now on */
  isCut = false;
  /** each way */
  delayMs = 0;
  private readonly sockets = new Set<Socket>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private server: Server | null = null;

  constructor(private readonly target: URL) {}

  async open(): Promise<string> {
    const server = createServer((client) => {
      const upstream = connect(Number(this.target.port), this.target.hostname);
      this.forward(client, upstream);
      this.forward(upstream, client);
    });
    this.server = server;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async shut(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    const { server } = this;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private forward(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
    const late: Buffer[] = [];
    from.on('data', (bytes) => {
      if (this.isCut) return;
      late.push(bytes);
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        const next = late.shift();
        if (next && !to.destroyed) to.write(next);
      }, this.delayMs);
      this.timers.add(timer);
    });
  }
}
