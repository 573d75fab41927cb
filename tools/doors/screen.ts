import { WebSocket } from 'ws';

type Frame = Readonly<Record<string, unknown>>;

/** Which goal the frame tells of; null: of none. */
export type KeyOf = (frame: Frame) => string | null;

const FAR_TOO_LATE_MS = 10_000;

export const goalOf =
  (type: string): KeyOf =>
  (frame) =>
    frame.type === type ? `${frame.matchId}:${frame.homeScore}` : null;

/** One client, and how long it waited for what it expects. What never comes counts as far too late. */
export class Screen {
  private readonly expectedSinceMs = new Map<string, number>();
  private latencies: number[] = [];
  wasClosed = false;

  private constructor(
    private readonly socket: WebSocket,
    keyOf: KeyOf,
  ) {
    socket.on('message', (data) => this.heard(keyOf(JSON.parse(String(data)) as Frame)));
    socket.on('close', () => {
      this.wasClosed = true;
    });
  }

  static async open(url: string, keyOf: KeyOf): Promise<Screen> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new Screen(socket, keyOf);
  }

  send(message: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  expect(key: string): void {
    this.expectedSinceMs.set(key, performance.now());
  }

  /** Milliseconds, of what came since the last time. */
  waited(): readonly number[] {
    const nowMs = performance.now();
    for (const [key, sinceMs] of this.expectedSinceMs) {
      if (nowMs - sinceMs >= FAR_TOO_LATE_MS) this.came(key, sinceMs);
    }
    return this.latencies.splice(0);
  }

  close(): void {
    this.socket.terminate();
  }

  private heard(key: string | null): void {
    const sinceMs = key === null ? undefined : this.expectedSinceMs.get(key);
    if (key !== null && sinceMs !== undefined) this.came(key, sinceMs);
  }

  private came(key: string, sinceMs: number): void {
    this.expectedSinceMs.delete(key);
    this.latencies.push(performance.now() - sinceMs);
  }
}
