import type { Scheduler } from '../../../kernel/scheduler.js';
import type { BoardEntry } from '../../board/board-entry.js';
import type { MatchBoard } from '../../board/match-board.js';
import type { SubscribeMessage } from '../../ports/match-frames.js';
import type { WsClient } from './ws-client.js';

/** Which matches are current, and which lists changed lately, goes by the clock, too. */
const LONGEST_MS = 1_000;

/** What a client is owed for its SUBSCRIBE. */
export interface Owed {
  /** matches whose newest state it is sent */
  readonly entries: readonly BoardEntry[];
  /** whole frames that follow the snapshot */
  readonly further: readonly Buffer[];
  readonly recovered: boolean;
  /** matches that it named and nobody knows */
  readonly unknown: readonly string[];
}

interface Kept {
  readonly message: SubscribeMessage;
  readonly revision: number;
  readonly atMs: number;
  readonly owed: Owed;
}

/**
 * Keeps what the newest client was owed: those who come back together say the same to the same board, and are owed the same.
 * Clients that follow something already, that missed something here, or that want every version are looked at by themselves.
 */
export class SameAnswer {
  private kept: Kept | null = null;

  constructor(
    private readonly board: MatchBoard,
    private readonly scheduler: Scheduler,
  ) {}

  /** @param judge looks at every match for the client */
  owedTo(client: WsClient, message: SubscribeMessage, judge: () => Owed): Owed {
    if (message.replay || !client.isFresh) return judge();
    const { revision } = this.board;
    const atMs = this.scheduler.monotonicMs();
    const { kept } = this;
    if (kept?.message === message && kept.revision === revision && atMs - kept.atMs < LONGEST_MS) return kept.owed;
    const owed = judge();
    this.kept = this.isForAll(message, owed) ? { message, revision, atMs, owed } : null;
    return owed;
  }

  /** Frames behind the snapshot tell their time; a match of long ago that is read later raises no revision. */
  private isForAll({ matches = [], since = {} }: SubscribeMessage, { further }: Owed): boolean {
    return further.length === 0 && [...matches, ...Object.keys(since)].every((id) => this.board.peek(id));
  }
}
