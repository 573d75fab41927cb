import { Logger } from '@nestjs/common';
import { LocalBroadcastBus } from '../../src/broadcast/adapters/local/local-broadcast-bus.js';
import { Outbox } from '../../src/broadcast/adapters/ws/outbox.js';
import { SlowClients } from '../../src/broadcast/adapters/ws/slow-clients.js';
import { Subscribe } from '../../src/broadcast/adapters/ws/subscribe.js';
import type { ClientKind, WsClient } from '../../src/broadcast/adapters/ws/ws-client.js';
import { WsClients } from '../../src/broadcast/adapters/ws/ws-clients.js';
import { MatchBoard } from '../../src/broadcast/board/match-board.js';
import { BoardParts } from '../../src/broadcast/board-parts.js';
import { BoardReader } from '../../src/broadcast/board-reader.service.js';
import { type BroadcastOptions, resolveBroadcastOptions } from '../../src/broadcast/broadcast.options.js';
import { BroadcastFeed } from '../../src/broadcast/broadcast-feed.js';
import type { BoardRow, BoardStore } from '../../src/broadcast/ports/board-store.js';
import type { SubscribeMessage } from '../../src/broadcast/ports/match-frames.js';
import type { MissingVersions } from '../../src/broadcast/ports/missing-versions.js';
import type { Told } from '../../src/broadcast/ports/told.js';
import type { VersionHistory } from '../../src/broadcast/ports/version-history.js';
import { STANDARD_TIMES } from '../../src/contracts/match-times.js';
import { MatchStatus } from '../../src/domain/match-status.js';
import { InMemoryBoardStore } from '../../src/testing/index.js';
import { FakeWsClient } from './fake-ws-client.js';
import { toldGoal } from './told.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from './virtual-scheduler.js';

/** A row at a version of `toldGoal`. */
export function boardRow(matchId: string, version: number, fields: Partial<BoardRow> = {}): BoardRow {
  return {
    position: { epoch: 1, version },
    state: {
      matchId,
      status: MatchStatus.FirstHalf,
      home: [version, 0, 0, 0, -1, 0, 0],
      away: [0, 0, 0, 0, -1, 0, 0],
      kickoffs: { firstHalfS: 1_700_000_000, secondHalfS: null, overtimeS: null },
      minute: null,
    },
    format: null,
    addedMinutes: null,
    competitionId: `c-${matchId}`,
    source: 'mqtt',
    receivedAtMs: 1_700_000_000_000,
    details: { cards: [], substitutions: [], predictions: [] },
    ...fields,
  };
}

export interface WorldParts {
  readonly store?: BoardStore;
  readonly history?: VersionHistory;
  readonly missing?: MissingVersions;
}

/** The way from what is told to the sockets, in virtual time, with clients that have no network. */
export class LiveWorld {
  readonly time = new VirtualTime();
  readonly scheduler = new VirtualScheduler(this.time);
  readonly clock = new VirtualClock(this.time);
  readonly board: MatchBoard;
  readonly feed: BroadcastFeed;
  readonly store: BoardStore;
  readonly reader: BoardReader;
  readonly clients: WsClients;
  readonly outbox: Outbox;
  readonly subscriptions: Subscribe;
  readonly cutOff: string[] = [];
  readonly tooSlow: WsClient[] = [];
  private joined = 0;

  constructor(options: BroadcastOptions = {}, parts: WorldParts = {}) {
    const resolved = resolveBroadcastOptions(options);
    const { scheduler, clock } = this;
    this.board = new MatchBoard(resolved, scheduler);
    this.feed = new BroadcastFeed(this.board, new LocalBroadcastBus(), clock, STANDARD_TIMES, parts.missing);
    this.store = parts.store ?? new InMemoryBoardStore(clock);
    this.reader = new BoardReader(this.board, this.feed, resolved, scheduler, clock, this.store);
    const slow = new SlowClients(this.board, resolved, clock, scheduler, (client) => this.tooSlow.push(client));
    const webSocketsCutOff = { inc: ({ reason }: { readonly reason: string }) => this.cutOff.push(reason) };
    this.clients = new WsClients(resolved, slow, { webSocketsCutOff } as unknown as ConstructorParameters<
      typeof WsClients
    >[2]);
    this.outbox = new Outbox(this.clients, clock, new Logger('spec'), () => undefined);
    this.outbox.follow(this.feed.news$);
    this.subscriptions = new Subscribe(new BoardParts(this.board, this.feed, this.reader, parts.history), {
      clients: this.clients,
      clock,
      scheduler,
      flush: () => this.outbox.flush(),
      maxSubscriptions: resolved.maxSubscriptions,
    });
  }

  join(kind: ClientKind = 'live'): FakeWsClient {
    this.joined += 1;
    const joined = new FakeWsClient(`c${this.joined}`, kind);
    this.outbox.flush();
    this.clients.add(joined.client);
    return joined;
  }

  /** It is answered, in as much virtual time as that takes. */
  async subscribe({ client }: FakeWsClient, message: Omit<SubscribeMessage, 'type'>): Promise<void> {
    let isDone = false;
    const answered = this.subscriptions.run(client, { type: 'SUBSCRIBE', ...message }).finally(() => {
      isDone = true;
    });
    answered.catch(() => undefined);
    for (let ms = 0; ms < 20_000 && !isDone; ms += 10) await this.time.advance(10);
    await answered;
  }

  /** Told within one turn of the event loop; written at its end. */
  async tell(...told: readonly Told[]): Promise<void> {
    for (const one of told) this.feed.deliver([one], 'bus');
    await this.time.advance(0);
  }

  /** Rows that the board knows from the beginning. */
  know(...matchIds: readonly string[]): void {
    for (const id of matchIds) {
      const { version } = toldGoal({ matchId: id, version: 1 });
      const beside = { competitionId: `c-${id}`, details: { cards: [], substitutions: [], predictions: [] } };
      if (version) this.board.takeRow({ ...version, matchId: id, beside }, 0);
    }
  }
}
