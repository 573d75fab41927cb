import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { ClientIdentity, UpgradeFacts } from '../../ports/client-authenticator.js';
import type { LiveClient } from '../../ports/live-client.js';
import type { AdmittedClient } from './admitted-client.js';
import type { Allowance } from './allowance.js';
import { Backlog } from './backlog.js';

/**
 * Which frames a client gets: all of the first protocol; those without minutes, as it ticks by itself; or what it subscribes
 * to by protocol 2.
 */
export type ClientKind = 'legacy' | 'ticking' | 'live';

export interface FollowedMatch {
  readonly matchId: string;
  readonly competitionId: string | null;
}

/** One connected client, with what is known of its reading. */
export class WsClient implements LiveClient {
  readonly ws: WebSocket;
  readonly socket: Duplex;
  readonly facts: UpgradeFacts;
  identity: ClientIdentity;
  /** heartbeats since it last said anything */
  quietBeats = 0;
  /** follows every match */
  followsAll = false;
  readonly matches = new Set<string>();
  readonly competitions = new Set<string>();
  /** what it was not sent, as it reads too slowly; null while it gets everything */
  backlog: Backlog | null = null;
  /** of the last delivery that it was part of */
  delivery = 0;
  /** of its newest answer: so much may be unread beside what is told */
  answerBytes = 0;
  /** coded errors that it may be answered; null before the first */
  errors: Allowance | null = null;
  /** messages of its that wait for their turn */
  pendingMessages = 0;
  work: Promise<void> = Promise.resolve();

  constructor(
    readonly id: string,
    { ws, socket, identity, facts }: AdmittedClient,
    public kind: ClientKind,
  ) {
    this.ws = ws;
    this.socket = socket;
    this.identity = identity;
    this.facts = facts;
  }

  get isOpen(): boolean {
    return this.ws.readyState === WebSocket.OPEN;
  }

  get unreadBytes(): number {
    return this.socket.writableLength;
  }

  /** Follows nothing, and is owed nothing. */
  get isFresh(): boolean {
    return !this.followsAll && this.matches.size + this.competitions.size === 0 && this.backlog === null;
  }

  /** Does it follow everything, the match, or its competition? */
  follows({ matchId, competitionId }: FollowedMatch): boolean {
    if (this.followsAll || this.matches.has(matchId)) return true;
    return competitionId !== null && this.competitions.has(competitionId);
  }

  /** Writes whole frames, past the library: it has nothing under way between two frames. */
  write(frames: Buffer): void {
    if (this.isOpen) this.socket.write(frames);
  }

  close(code: number, reason: string): void {
    this.ws.close(code, reason);
  }
}
