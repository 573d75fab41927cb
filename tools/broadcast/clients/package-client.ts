import { WebSocket } from 'ws';
import { createLiveClient, type LiveClient, type MatchView, type WebSocketLike } from '../../../src/client/index.js';
import type { SeededRandom } from '../../../test/support/seeded-random.js';
import { wholeText } from '../checks/content.js';
import type { Findings } from '../checks/findings.js';
import { formatPosition, parsePosition } from '../checks/position.js';
import { ShownRules } from '../checks/shown-rules.js';
import type { ToldVersions } from '../checks/told-versions.js';
import { type Comparison, type CrewMember, isBehind, type TrueRow } from './crew-member.js';
import type { Addresses } from './line.js';
import { type Fixtures, wishOf } from './wishes.js';

/** The client waits up to 20 s before it comes back: the lower part of that is drawn, so that a run is not all waiting. */
const DRAWN_PART = 0.08;
const HANDSHAKE_TIMEOUT_MS = 5_000;

/** The package's own client, connected to any host that takes clients; what it shows is compared with the rows. */
export class PackageClient implements CrewMember {
  readonly kind = 'package';
  readonly line = new PackageLine();
  readonly followsAll: boolean;
  readonly rules: ShownRules;
  private readonly client: LiveClient;
  private readonly wants: (matchId: string) => boolean;
  private readonly namesIt: (matchId: string) => boolean;

  constructor(
    readonly name: string,
    nth: number,
    fixtures: Fixtures,
    addresses: Addresses,
    random: SeededRandom,
    findings: Findings,
    versions: ToldVersions,
  ) {
    this.rules = new ShownRules(name, findings, versions);
    const { all, competitions, matches, replay } = wishOf(nth, fixtures, random);
    this.followsAll = all;
    this.namesIt = (matchId) => matches.includes(matchId);
    this.wants = (matchId) =>
      all || this.namesIt(matchId) || competitions.includes(fixtures.competitionOf.get(matchId) ?? '');
    this.client = createLiveClient({
      url: 'ws://any.host/ws',
      select: {
        ...(all && { all: true as const }),
        ...(competitions.length > 0 && { competitions }),
        ...(matches.length > 0 && { matches }),
      },
      replay,
      WebSocket: this.line.socketClass(addresses, random),
      random: () => random.next() * DRAWN_PART,
    });
    this.listen(fixtures);
  }

  start(): void {
    this.client.start();
  }

  get isServed(): boolean {
    return this.client.state === 'live' && this.line.isOpen;
  }

  behindOn(rows: readonly TrueRow[], how: Comparison): string | null {
    for (const { matchId, position, isUntouched, whole } of rows) {
      if (!this.wants(matchId)) continue;
      const view = this.client.match(matchId);
      if (!view && isUntouched && !this.namesIt(matchId)) continue;
      const held = view && parsePosition(view.position);
      if (!held || isBehind(held, position, how))
        return `${matchId} has ${view?.position ?? 'nothing'}, row ${formatPosition(position)}`;
      if (how === 'exactly' && textOf(view) !== whole) return `${matchId} shows ${textOf(view)}, row ${whole}`;
    }
    return null;
  }

  end(): void {
    this.client.stop();
  }

  private listen({ competitionOf }: Fixtures): void {
    const { client, rules } = this;
    for (const matchId of competitionOf.keys()) {
      client.subscribeTo(matchId, () => {
        const view = client.match(matchId);
        if (view) rules.shows({ matchId, position: view.position, whole: textOf(view) });
      });
    }
    client.on('gap', ({ matchId, had, position, cause }) => rules.gap(matchId, had, position, cause));
    client.on('goal', ({ match, goal, position }) => rules.goal(match.matchId, position, JSON.stringify(goal)));
    client.on('error', ({ code, message }) => rules.error(code, message));
  }
}

function textOf({ statusId, scores, kickoffs }: MatchView): string {
  const { firstHalf, secondHalf, overtime } = kickoffs;
  return wholeText({
    status: statusId,
    home: scores.home,
    away: scores.away,
    kickoffs: [firstHalf, secondHalf, overtime],
  });
}

/** The sockets that the client makes for itself: each to a host that takes clients now. */
class PackageLine {
  connections = 0;
  url = '';
  isPaused = false;
  private socket: WebSocket | null = null;

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN && !this.isPaused;
  }

  socketClass(addresses: Addresses, random: SeededRandom): new (url: string) => WebSocketLike {
    const opened = (socket: WebSocket, url: string) => {
      this.socket = socket;
      this.url = url;
      this.isPaused = false;
      socket.on('open', () => {
        this.connections += 1;
      });
    };
    return class extends WebSocket {
      constructor(address: string) {
        const { pathname, search } = new URL(address);
        // nobody listens on the discard port
        const url = addresses.open.length > 0 ? random.pick(addresses.open) : 'ws://127.0.0.1:9';
        super(`${url}${pathname}${search}`, { handshakeTimeout: HANDSHAKE_TIMEOUT_MS, perMessageDeflate: false });
        opened(this, url);
      }
    };
  }

  cut({ politely }: { readonly politely: boolean }): void {
    if (politely) this.socket?.close(1000);
    else this.socket?.terminate();
  }

  pause(): void {
    if (!this.isOpen) return;
    this.isPaused = true;
    this.socket?.pause();
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.socket?.resume();
  }
}
