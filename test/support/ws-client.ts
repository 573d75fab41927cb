import { afterAll, afterEach } from '@jest/globals';
import { WebSocket } from 'ws';
import { eventually } from './eventually.js';
import { assertFrame } from './protocol-schemas.js';

/** Frames that clients of this spec file were sent and the protocol does not know. */
const strange: Error[] = [];
const failOnStrangeFrames = () => {
  const [first] = strange.splice(0);
  if (first) throw first;
};
afterEach(failOnStrangeFrames);
afterAll(failOnStrangeFrames);

type Frame = Record<string, unknown>;

/** Is it a frame that the test made up? */
export type IsMadeUp = (frame: Frame) => boolean;

/** For tests that broadcast frames of a type alone, without a match. */
export const ofNoMatch: IsMadeUp = ({ matchId }) => matchId === undefined;

/** Checks a frame that a server sent by the schemas of the protocol: the test that runs fails when it fits none. */
export function noteFrame(frame: Frame, isMadeUp: IsMadeUp = () => false): void {
  if (isMadeUp(frame)) return;
  try {
    assertFrame(frame);
  } catch (error) {
    strange.push(error as Error);
  }
}

/** A browser-like client of `/ws` that remembers every frame, and fails the test that gets one outside the protocol. */
export class WsTestClient {
  readonly frames: Frame[] = [];
  closeCode: number | undefined;

  private constructor(
    readonly socket: WebSocket,
    isMadeUp?: IsMadeUp,
  ) {
    socket.on('message', (data) => {
      const frame = JSON.parse(data.toString());
      noteFrame(frame, isMadeUp);
      this.frames.push(frame);
    });
    socket.on('close', (code) => {
      this.closeCode = code;
    });
    socket.on('error', () => undefined);
  }

  /**
   * Connects and waits for the greeting. It comes again while it is refused: a process serves once it has the lease.
   * @param isMadeUp frames that are not checked by the schemas of the protocol
   */
  static connect(url: string, isMadeUp?: IsMadeUp): Promise<WsTestClient> {
    return eventually(
      async () => {
        const client = new WsTestClient(new WebSocket(url), isMadeUp);
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

  ofType(type: string): Frame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  /** The first frame of this type, awaited when it is not there yet. */
  next(type: string): Promise<Frame> {
    return eventually(
      () => {
        if (this.closeCode !== undefined) throw new Error(`closed with ${this.closeCode}`);
        return this.ofType(type)[0] as Frame;
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
