import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../../examples/host/embedded/free-port.js';

/** A port in front of a server that can be shut and opened: to its clients the server is down, or back. */
export class TcpGate {
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private chosenPort = 0;
  private isSilent = false;

  constructor(private readonly target: URL) {}

  /** The target's address with this gate in place of host and port; only after the first `open`. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String(this.chosenPort);
    return url.href;
  }

  /** Takes connections, on the same port every time. */
  async open(): Promise<void> {
    this.chosenPort ||= await freePort();
    this.server = createServer((client) => {
      if (this.isSilent) {
        this.sockets.add(client);
        client.on('error', () => client.destroy());
        return;
      }
      const upstream = connect(Number(this.target.port || 5432), this.target.hostname);
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.sockets.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.sockets.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
    this.chosenPort ||= await freePort();
    this.server.listen(this.chosenPort, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** What goes through open connections is lost from now on, and nobody hears of it. */
  losePresent(): void {
    for (const socket of this.sockets) socket.unpipe().on('data', () => {});
  }

  /** The same, and new connections are taken and never answered: as a network that fails. */
  loseAll(): void {
    this.isSilent = true;
    this.losePresent();
  }

  /** Refuses connections and breaks those that are open. */
  async shut(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = null;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
