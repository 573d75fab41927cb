import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { eventually } from '../../../test/support/eventually.js';
import { steadyPort } from './steady-port.js';

/** One connection through the proxy. */
export interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** half-open: both ends stay up, nothing passes any more, and neither hears that the other one closed */
  frozen: boolean;
}

/** Stands between the host and a service; the tests decide what passes. */
export abstract class TcpProxy {
  protected readonly links = new Set<Link>();
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private chosenPort = 0;
  private freezesNewLinks = false;

  constructor(private readonly target: { readonly host: string; readonly port: number }) {}

  get port(): number {
    return this.chosenPort;
  }

  /** Takes connections, on the same port every time. */
  async open(): Promise<void> {
    this.chosenPort ||= await steadyPort();
    this.server = await eventually(() => this.listen(), { what: `port ${this.chosenPort} to be free again` });
  }

  /** Refuses connections and breaks those that are open, until `open`. */
  async refuse(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = null;
    const closed = once(server, 'close');
    server.close();
    this.cut();
    await closed;
  }

  /** Breaks all connections at once. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** From now on nothing passes and nobody is told, on present and on new connections. */
  freeze(): void {
    this.freezesNewLinks = true;
    for (const link of this.links) link.frozen = true;
  }

  /** New connections pass again; what was frozen stays so. */
  thaw(): void {
    this.freezesNewLinks = false;
  }

  /** A chunk from the host to the service. */
  protected fromClient({ server }: Link, chunk: Buffer): void {
    server.write(chunk);
  }

  /** A chunk from the service to the host. */
  protected fromServer({ client }: Link, chunk: Buffer): void {
    client.write(chunk);
  }

  protected opened(_link: Link): void {}

  private async listen(): Promise<Server> {
    const server = createServer((client) => this.link(client));
    server.listen(this.chosenPort, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }

  private link(client: Socket): void {
    const server = connect(this.target.port, this.target.host);
    const link = { client, server, frozen: this.freezesNewLinks };
    this.links.add(link);
    this.opened(link);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => from.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        if (!link.frozen) to.destroy();
        if (client.destroyed && server.destroyed) this.links.delete(link);
      });
    }
    client.on('data', (chunk) => {
      if (!link.frozen) this.fromClient(link, chunk);
    });
    server.on('data', (chunk) => {
      if (!link.frozen) this.fromServer(link, chunk);
    });
  }
}
