import type { LiveScoreMetrics } from '../../../kernel/livescore-metrics.js';
import { LiveAudience } from './live-audience.js';
import type { LiveItem } from './live-item.js';
import type { SlowClients } from './slow-clients.js';
import type { WsClient } from './ws-client.js';
import { joined } from './ws-frame.js';

/** A client that says nothing is asked at every so many heartbeats: reading its answer costs more than asking. */
const QUIET_BEATS = 4;
const UNANSWERED_PINGS = 2;
/** Once all together left too much unread, they are brought down to this share of it: not one is cut off at every frame. */
const SHARE_AFTER_RELIEF = 0.75;

/** How a server says goodbye: the code of the protocol, and a word for people. */
export interface Farewell {
  readonly code: number;
  readonly reason: string;
}

/** One write per client: the text that keeps proxies from closing a connection, alone or with a protocol ping behind it. */
export interface Heartbeat {
  readonly text: Buffer;
  readonly withPing: Buffer;
}

export interface ClientBounds {
  readonly maxBufferedBytes: number;
  readonly maxBufferedBytesTotal: number;
}

/** The connected clients of one process: sends each kind of them its frames, and cuts off those that do not read or answer. */
export class WsClients {
  readonly audience = new LiveAudience();
  private readonly clients = new Set<WsClient>();
  private readonly legacy = new Set<WsClient>();
  private readonly ticking = new Set<WsClient>();
  private deliveries = 0;
  total = 0;
  disconnected = 0;
  slow = 0;
  dead = 0;
  /** what those that were sent something lately left unread together */
  private buffered = 0;

  constructor(
    private readonly bounds: ClientBounds,
    private readonly slowClients: SlowClients,
    private readonly metrics: Pick<LiveScoreMetrics, 'webSocketsCutOff'>,
  ) {}

  get size(): number {
    return this.clients.size;
  }

  get all(): Iterable<WsClient> {
    return this.clients;
  }

  /** Are there clients of the first protocol, of either kind? */
  get anyLegacy(): boolean {
    return this.legacy.size + this.ticking.size > 0;
  }

  get anyTicks(): boolean {
    return this.ticking.size > 0;
  }

  /** of the client that has the most */
  get mostUnreadBytes(): number {
    let most = 0;
    for (const client of this.clients) most = Math.max(most, client.unreadBytes);
    return most;
  }

  add(client: WsClient): void {
    this.clients.add(client);
    this.total += 1;
    this.listOf(client)?.add(client);
    const alive = () => {
      client.quietBeats = 0;
    };
    client.ws.on('pong', alive);
    client.ws.on('message', alive);
    client.ws.once('close', () => this.left(client));
  }

  /** From now on the client gets what it subscribes to, and nothing else. */
  becomeLive(client: WsClient): void {
    if (client.kind === 'live') return;
    this.listOf(client)?.delete(client);
    client.kind = 'live';
  }

  /** Sends frames of the first protocol to all of its clients. */
  sendLegacy(frames: Buffer, withoutMinutes: Buffer | null): void {
    this.buffered = 0;
    for (const client of this.legacy) this.sendTo(client, frames);
    if (withoutMinutes) for (const client of this.ticking) this.sendTo(client, withoutMinutes);
    this.relieve();
  }

  /** Sends the items to everybody who follows their matches: all that are for one client in one write. */
  sendLive(items: readonly LiveItem[]): void {
    this.buffered = 0;
    if (this.audience.ofAll.size > 0) {
      const all = joinedOf(items);
      for (const client of this.audience.ofAll) this.sendItems(client, items, all);
    }
    const [only] = items;
    if (items.length === 1 && only) this.sendToNamed(only);
    else this.sendGathered(items);
    this.relieve();
  }

  /** Sends an answer, however large it is: what it leaves unread does not count against the client. */
  answer(client: WsClient, frames: Buffer): void {
    this.send(client, frames);
    client.answerBytes = frames.length;
  }

  /** Sends whole frames to one client, unless it is gone. */
  send(client: WsClient, frames: Buffer): void {
    if (!this.clients.has(client)) return;
    this.buffered = Math.max(0, this.buffered - client.unreadBytes);
    this.sendTo(client, frames);
    this.relieve();
  }

  /**
   * A heartbeat for some of them. One that said nothing for four of them is asked for a sign of life, too; one that gave none
   * to two is cut off: 90 s after its last word, at the default interval.
   */
  beat(clients: Iterable<WsClient>, { text, withPing }: Heartbeat): void {
    for (const client of clients) {
      if (!client.isOpen) continue;
      if (client.backlog) {
        this.slowClients.look(client);
        continue;
      }
      client.quietBeats += 1;
      if (client.quietBeats < QUIET_BEATS) this.sendTo(client, text);
      else if (client.quietBeats < QUIET_BEATS + UNANSWERED_PINGS) this.sendTo(client, withPing);
      else this.endDead(client);
    }
  }

  private endDead(client: WsClient): void {
    this.dead += 1;
    this.metrics.webSocketsCutOff.inc({ reason: 'dead' });
    client.ws.terminate();
  }

  private sendToNamed(item: LiveItem): void {
    const { matchId, competitionId, frame } = item;
    if (!this.audience.isNamed(matchId, competitionId)) return;
    const delivery = ++this.deliveries;
    const items = [item];
    for (const client of this.audience.namedBy(matchId, competitionId)) {
      if (client.followsAll || client.delivery === delivery) continue;
      client.delivery = delivery;
      this.sendItems(client, items, frame);
    }
  }

  private sendGathered(items: readonly LiveItem[]): void {
    const gathered = new Map<WsClient, LiveItem[]>();
    for (const item of items) {
      const delivery = ++this.deliveries;
      for (const client of this.audience.namedBy(item.matchId, item.competitionId)) {
        if (client.followsAll || client.delivery === delivery) continue;
        client.delivery = delivery;
        const its = gathered.get(client);
        if (its) its.push(item);
        else gathered.set(client, [item]);
      }
    }
    for (const [client, its] of gathered) this.sendItems(client, its, joinedOf(its));
  }

  private sendItems(client: WsClient, items: readonly LiveItem[], frames: Buffer): void {
    if (this.slowClients.holdsBack(client, items)) return;
    client.write(frames);
    this.buffered += client.unreadBytes;
  }

  private sendTo(client: WsClient, frames: Buffer): void {
    const { maxBufferedBytes } = this.bounds;
    if (client.unreadBytes > maxBufferedBytes && client.unreadBytes > maxBufferedBytes + client.answerBytes) {
      if (client.isOpen) this.cutOff(client, 'slow');
      return;
    }
    client.write(frames);
    this.buffered += client.unreadBytes;
  }

  private left(client: WsClient): void {
    this.clients.delete(client);
    this.listOf(client)?.delete(client);
    this.audience.remove(client, {});
    client.backlog = null;
    this.disconnected += 1;
  }

  /** Where all together left too much unread, those with the most go first. */
  private relieve(): void {
    const { maxBufferedBytesTotal } = this.bounds;
    if (this.buffered <= maxBufferedBytesTotal) return;
    const unread = [...this.clients].flatMap((client) =>
      client.isOpen ? [{ client, bytes: client.unreadBytes }] : [],
    );
    this.buffered = unread.reduce((sum, { bytes }) => sum + bytes, 0);
    if (this.buffered <= maxBufferedBytesTotal) return;
    for (const { client, bytes } of unread.sort((a, b) => b.bytes - a.bytes)) {
      if (this.buffered <= maxBufferedBytesTotal * SHARE_AFTER_RELIEF) break;
      this.buffered -= bytes;
      this.cutOff(client, 'slow-together');
    }
  }

  private cutOff(client: WsClient, reason: 'slow' | 'slow-together'): void {
    this.slow += 1;
    this.metrics.webSocketsCutOff.inc({ reason });
    client.ws.terminate();
  }

  private listOf(client: WsClient): Set<WsClient> | null {
    if (client.kind === 'live') return null;
    return client.kind === 'ticking' ? this.ticking : this.legacy;
  }
}

function joinedOf(items: readonly LiveItem[]): Buffer {
  return joined(items.map(({ frame }) => frame));
}
