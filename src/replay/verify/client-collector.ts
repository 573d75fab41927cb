import { once } from 'node:events';
import { WebSocket } from 'ws';
import { UnreachableError } from '../../kernel/unreachable.errors.js';
import { Announcements } from './announcements.js';
import { type ClientFrame, readClientFrame } from './client-frame.js';

const CONNECT_TIMEOUT_MS = 5_000;

/** A WebSocket client that listens during the replay, as a screen would. */
export class ClientCollector {
  readonly announcements = new Announcements();
  /** first arrival of each display score of each match, unix ms */
  readonly arrivals: {
    readonly matchId: string;
    readonly home: number;
    readonly away: number;
    readonly atMs: number;
  }[] = [];
  private readonly scoresSeen = new Set<string>();
  private lost: UnreachableError | undefined;

  private constructor(
    private readonly socket: WebSocket,
    private readonly isOurs: (matchId: string) => boolean,
    private readonly nowMs: () => number,
  ) {
    socket.on('message', (data) => this.take(String(data)));
    socket.on('close', (code) => this.lose(new Error(`closed by the host with code ${code}`)));
    socket.on('error', (error) => this.lose(error));
  }

  /**
   * @param isOurs matches of this run: frames of others are not counted
   * @throws UnreachableError when the host does not answer within 5 s
   */
  static async connect(
    url: string,
    isOurs: (matchId: string) => boolean,
    nowMs: () => number,
  ): Promise<ClientCollector> {
    return new ClientCollector(await openSocket(url), isOurs, nowMs);
  }

  /** @throws UnreachableError when the connection was lost: what was missed cannot be judged */
  assertConnected(): void {
    if (this.lost) throw this.lost;
  }

  close(): void {
    this.socket.removeAllListeners('close');
    this.socket.terminate();
  }

  private take(text: string): void {
    const atMs = this.nowMs();
    const frame = readClientFrame(text);
    if (!frame || !this.isOurs(frame.matchId)) return;
    this.announcements.note(frame);
    this.noteArrival(frame, atMs);
  }

  private noteArrival({ type, matchId, homeScore, awayScore }: ClientFrame, atMs: number): void {
    if ((type !== 'GOAL' && type !== 'SCORE_CHANGE') || homeScore === null || awayScore === null) return;
    const score = `${matchId}|${homeScore}|${awayScore}`;
    if (this.scoresSeen.has(score)) return;
    this.scoresSeen.add(score);
    this.arrivals.push({ matchId, home: homeScore, away: awayScore, atMs });
  }

  private lose(cause: unknown): void {
    this.lost ??= new UnreachableError('WebSocket', this.socket.url, cause);
  }
}

async function openSocket(url: string): Promise<WebSocket> {
  try {
    const socket = new WebSocket(url, { handshakeTimeout: CONNECT_TIMEOUT_MS });
    await once(socket, 'open');
    return socket;
  } catch (cause) {
    throw new UnreachableError('WebSocket', url, cause);
  }
}
