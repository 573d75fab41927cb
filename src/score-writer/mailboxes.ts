import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { isLive } from '../domain/match-status.js';
import { Clock } from '../shared/clock.js';
import { Mailbox } from './mailbox.js';

const MAX_MAILBOXES = 50_000;
const MAX_UNKNOWN = 1_000;
const SWEEP_MS = 60_000;
/** the reopening window of an ended match, and a little */
const ENDED_KEPT_MS = 25 * 60_000;
const LIVE_KEPT_MS = 6 * 3_600_000;
const UNKNOWN_KEPT_MS = 10 * 60_000;

/** The mailboxes of all matches heard of lately. Bounded; only idle ones are ever dropped. */
@Injectable()
export class Mailboxes implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Mailboxes.name);
  private readonly byMatch = new Map<string, Mailbox>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly clock: Clock) {}

  /** The match's mailbox; null when there are too many and none can be dropped. */
  open(matchId: string): Mailbox | null {
    let mailbox = this.byMatch.get(matchId);
    if (!mailbox) {
      if (this.byMatch.size >= MAX_MAILBOXES) this.sweep();
      if (this.byMatch.size >= MAX_MAILBOXES) return null;
      mailbox = new Mailbox(matchId);
      this.byMatch.set(matchId, mailbox);
    }
    mailbox.touchedAtMs = this.clock.nowMs();
    return mailbox;
  }

  all(): Iterable<Mailbox> {
    return this.byMatch.values();
  }

  /** Mailboxes with something unwritten. */
  busyCount(): number {
    let count = 0;
    for (const mailbox of this.byMatch.values())
      if (mailbox.pending || mailbox.inFlight || mailbox.inbox.length) count++;
    return count;
  }

  onApplicationBootstrap(): void {
    this.timer ??= setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  onModuleDestroy(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  /** Drops idle mailboxes past their time; of unknown matches also the oldest beyond the limit. */
  sweep(): void {
    const nowMs = this.clock.nowMs();
    const unknown: Mailbox[] = [];
    for (const mailbox of this.byMatch.values()) {
      if (!mailbox.idle) continue;
      if (nowMs - mailbox.touchedAtMs > keptMs(mailbox)) this.byMatch.delete(mailbox.matchId);
      else if (mailbox.phase === 'unknown') unknown.push(mailbox);
    }
    const surplus = unknown.sort((a, b) => a.touchedAtMs - b.touchedAtMs).slice(0, -MAX_UNKNOWN);
    for (const { matchId } of surplus) this.byMatch.delete(matchId);
    if (surplus.length > 0) this.logger.warn('Updates of unknown matches dropped', { matches: surplus.length });
  }
}

function keptMs({ phase, state }: Mailbox): number {
  if (phase === 'unknown') return UNKNOWN_KEPT_MS;
  return state && isLive(state.status) ? LIVE_KEPT_MS : ENDED_KEPT_MS;
}
