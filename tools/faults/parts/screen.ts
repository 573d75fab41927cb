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

/** One frame about a prediction as a client got it. */
export interface SeenPrediction {
  readonly host: string;
  /** counts from 1, with every connection of the client */
  readonly connection: number;
  readonly type: 'PREDICTION_SETTLED' | 'PREDICTION_UPDATED';
  readonly predictionId: string;
  readonly matchId: string;
  readonly revision: number;
  readonly result: string;
}

/** A client of one host's `/ws` that comes back whenever it is cut off, and remembers every frame of a version or a prediction. */
export class Screen {
  readonly frames: SeenFrame[] = [];
  readonly predictions: SeenPrediction[] = [];
  /** when it was cut off, and when it was back; our clock */
  readonly gaps: { readonly fromMs: number; untilMs: number }[] = [];
  private socket: WebSocket | null = null;
  private retry: NodeJS.Timeout | null = null;
  private isClosed = false;
  private connections = 0;

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
      this.connections += 1;
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
    if (type === 'PREDICTION_SETTLED' || type === 'PREDICTION_UPDATED') this.rememberPrediction(type, content);
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

  private rememberPrediction(type: SeenPrediction['type'], content: Record<string, unknown>): void {
    const { predictionId, matchId, revision, result } = content;
    this.predictions.push({
      host: this.host,
      connection: this.connections,
      type,
      predictionId: String(predictionId),
      matchId: String(matchId),
      revision: Number(revision),
      result: String(result),
    });
  }
}
