import type { Clock } from '../../../kernel/clock.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import type { BoardEntry } from '../../board/board-entry.js';
import type { MatchBoard } from '../../board/match-board.js';
import { changeFrame, clockFrame, detailsFrame } from '../../ports/match-frame-of.js';
import { Backlog, type BacklogItem } from './backlog.js';
import type { LiveItem } from './live-item.js';
import { snapshotFrame } from './snapshot-frame.js';
import type { WsClient } from './ws-client.js';
import { jsonFrame } from './ws-frame.js';

/** A client that takes nothing for so long is closed, to come back and resume. */
const MOST_BEHIND_MS = 30_000;
/** One with much unread gets more time: how far it is cannot be seen before it has all of it. */
const LEAST_BYTES_PER_MS = 16;
const NOTHING = Buffer.alloc(0);

export interface SlowBounds {
  readonly conflateBeyondBytes: number;
}

/**
 * Clients of protocol 2 that read slowly.
 *
 * *even* → more than `conflateBeyondBytes` unread → *behind*: frames are not written, only their matches remembered → the client
 * has read everything → the newest state of each of these matches that it still follows, as far as there is room → *even*, or
 * *behind* again. One that stays behind for 30 s, and a second more for each 16 kB unread, is `tooSlow`.
 */
export class SlowClients {
  constructor(
    private readonly board: MatchBoard,
    private readonly bounds: SlowBounds,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly tooSlow: (client: WsClient) => void,
  ) {}

  /** @returns true when the client is behind: the items wait for it */
  holdsBack(client: WsClient, items: readonly LiveItem[]): boolean {
    if (!client.backlog) {
      if (client.unreadBytes <= this.bounds.conflateBeyondBytes) return false;
      if (!client.isOpen) return true;
      this.begin(client, new Backlog(this.scheduler.monotonicMs()));
    }
    for (const item of items) client.backlog?.add(item);
    return true;
  }

  /** Ends one that has been behind for too long. */
  look(client: WsClient): void {
    const { backlog } = client;
    const mostMs = MOST_BEHIND_MS + client.unreadBytes / LEAST_BYTES_PER_MS;
    if (backlog && this.scheduler.monotonicMs() - backlog.sinceMs > mostMs) this.tooSlow(client);
  }

  /** An empty write is done when all before it are. `drain` would only tell of more than the socket's own mark. */
  private begin(client: WsClient, backlog: Backlog): void {
    client.backlog = backlog;
    client.socket.write(NOTHING, () => this.drained(client));
  }

  private drained(client: WsClient): void {
    const { backlog } = client;
    client.backlog = null;
    if (!backlog || !client.isOpen) return;
    for (let item = backlog.take(); item; item = backlog.take()) {
      for (const frame of this.framesOf(client, item)) client.write(frame);
      if (client.unreadBytes > this.bounds.conflateBeyondBytes && !backlog.isEmpty) {
        this.begin(client, backlog.from(this.scheduler.monotonicMs()));
        return;
      }
    }
  }

  private framesOf(client: WsClient, item: BacklogItem): readonly Buffer[] {
    const entry = this.board.get(item.matchId);
    if (!entry || !client.follows(entry)) return [];
    const nowMs = this.clock.nowMs();
    if (item.recovered !== null) return [snapshotFrame({ recovered: item.recovered, entries: [entry] }, nowMs)];
    const frames: object[] = [];
    if (item.previous !== null) frames.push(newestChange(entry, item.previous, nowMs));
    else if (item.clock) frames.push(clockFrame(entry.matchId, entry.position, entry.clock, nowMs));
    if (item.details) frames.push(detailsFrame(entry.matchId, entry.details, nowMs));
    return frames.map(jsonFrame);
  }
}

/** The newest state as one frame; its events are those of the last version alone. */
function newestChange(entry: BoardEntry, previous: string, nowMs: number): object {
  const { newest, state, clock, positionText } = entry;
  const told = newest ?? { state, clock, events: [], committedAt: state.receivedAt };
  const isOne = newest !== null && `${newest.previous.epoch}.${newest.previous.version}` === previous;
  const marks = { conflated: !isOne, restated: previous === positionText };
  return changeFrame({ ...told, state, clock }, previous, marks, nowMs);
}
