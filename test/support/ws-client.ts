import { WebSocket } from 'ws';
import { eventually } from './eventually.js';

/** A browser-like client of `/ws` that remembers every frame. */
export class WsTestClient {
  readonly frames: Record<string, unknown>[] = [];
  closeCode: number | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.frames.push(JSON.parse(data.toString())));
    socket.on('close', (code) => {
      this.closeCode = code;
    });
    socket.on('error', () => undefined);
  }

  /** Connects and waits for the greeting. It comes again while it is refused: a process serves once it has the lease. */
  static connect(url: string): Promise<WsTestClient> {
    return eventually(
      async () => {
        const client = new WsTestClient(new WebSocket(url));
        await client.greeted();
        return client;
      },
      { what: 'a CONNECTED_FROM_HANDLER frame' },
    );
  }

  private greeted(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once('message', () => resolve());
      this.socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
    });
  }

  ofType(type: string): Record<string, unknown>[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  /** The first frame of this type, awaited when it is not there yet. */
  next(type: string): Promise<Record<string, unknown>> {
    return eventually(
      () => {
        if (this.closeCode !== undefined) throw new Error(`closed with ${this.closeCode}`);
        return this.ofType(type)[0] as Record<string, unknown>;
      },
      { what: `a ${type} frame` },
    );
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async close(): Promise<void> {
    if (this.closeCode !== undefined) return;
    this.socket.close();
    await eventually(() => this.closeCode !== undefined, { what: 'the client to close' });
  }
}
