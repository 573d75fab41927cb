import { WebSocket } from 'ws';

const RETRY_MS = 50;

/** One frame as a client got it. */
export interface SeenFrame {
  readonly host: string;
  readonly atMs: number;
  readonly type: string;
  readonly matchId: string;
  readonly epoch: number;
  readonly version: number;
  readonly content: Readonly<Record<string, unknown>>;
}

/** A client of one host's `/ws` that comes back whenever it is cut off, and remembers every frame of a version. */
export class Screen {
  readonly frames: SeenFrame[] = [];
  /** when it was cut off, and when it was back; our clock */
  readonly gaps: { readonly fromMs: number; untilMs: number }[] = [];
  private socket: WebSocket | null = null;
  private retry: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(
    private readonly host: string,
    private readonly url: string,
  ) {
    this.connect();
  }

  close(): void {
    this.isClosed = true;
    if (this.retry) clearTimeout(this.retry);
    this.socket?.terminate();
  }

  private connect(): void {
    const socket = new WebSocket(this.url, { handshakeTimeout: 2_000 });
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('open', () => {
      const gap = this.gaps.at(-1);
      if (gap) gap.untilMs = Date.now();
    });
    socket.on('message', (data) => this.remember(JSON.parse(data.toString())));
    socket.on('close', () => {
      if (this.gaps.at(-1)?.untilMs !== Number.POSITIVE_INFINITY) {
        this.gaps.push({ fromMs: Date.now(), untilMs: Number.POSITIVE_INFINITY });
      }
      this.again();
    });
  }

  private again(): void {
    if (this.isClosed) return;
    this.retry = setTimeout(() => this.connect(), RETRY_MS);
  }

  private remember(content: Record<string, unknown>): void {
    const { type, matchId, epoch, version } = content;
    if (typeof version !== 'number' || typeof epoch !== 'number') return;
    this.frames.push({
      host: this.host,
      atMs: Date.now(),
      type: String(type),
      matchId: String(matchId),
      epoch,
      version,
      content,
    });
  }
}
