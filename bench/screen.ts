import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import WebSocket from 'ws';
import type { RunningSubject } from './subjects/subject.js';
import { screenKey } from './workload.js';

interface ScoreFrame {
  readonly type?: string;
  readonly matchId?: string;
  readonly homeScore?: number;
  readonly awayScore?: number;
}

/** One WebSocket client, as a browser would be. */
export class Screen {
  private onScore: ((key: string) => void) | null = null;

  private constructor(private readonly socket: WebSocket | Socket) {}

  static async open({ protocol, url }: RunningSubject['screen']): Promise<Screen> {
    return protocol === 'ws' ? Screen.openPlain(url) : Screen.openSocketIo(url);
  }

  /** @param listener called on arrival of every frame with a score; null stops parsing frames at all */
  listen(listener: ((key: string) => void) | null): void {
    this.onScore = listener;
  }

  close(): void {
    this.socket.close();
  }

  private static async openPlain(url: string): Promise<Screen> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const screen = new Screen(socket);
    socket.on('message', (data: Buffer) => {
      if (screen.onScore) screen.show(JSON.parse(data.toString()) as ScoreFrame);
    });
    await once(socket, 'open', { signal: AbortSignal.timeout(5_000) });
    return screen;
  }

  private static async openSocketIo(url: string): Promise<Screen> {
    const socket = io(url, { transports: ['websocket'], reconnection: false, timeout: 5_000 });
    const screen = new Screen(socket);
    socket.on('score', (frame: ScoreFrame) => screen.show(frame));
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
    return screen;
  }

  private show({ type, matchId, homeScore, awayScore }: ScoreFrame): void {
    if (type !== 'SCORE_CHANGE' && type !== 'GOAL') return;
    if (matchId === undefined || homeScore === undefined || awayScore === undefined) return;
    this.onScore?.(screenKey(matchId, homeScore, awayScore));
  }
}
