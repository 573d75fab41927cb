import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { steadyPort } from './steady-port.js';

/** In the place of Mosquitto where there is none: a broker in this process, with sessions in its memory. */
export class AedesBroker {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly aedes: Aedes,
    readonly port: number,
  ) {}

  static async start(): Promise<AedesBroker> {
    const broker = new AedesBroker(await Aedes.createBroker(), await steadyPort());
    await broker.up();
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      this.aedes.handle(socket);
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** To its clients it is gone; what they have not acknowledged stays. */
  async down(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = null;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  async stop(): Promise<void> {
    await this.down();
    await new Promise<void>((resolve) => this.aedes.close(() => resolve()));
  }
}
