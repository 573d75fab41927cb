import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { isLive } from '../domain/match-status.js';
import type { Outcome } from '../domain/outcome.js';
import { LEFT_UNWRITTEN } from '../domain/outcomes.js';
import { MatchProtection } from '../foreign-writers/ports/match-protection.js';
import { Accounting, type InFlight } from '../kernel/accounting.js';
import { Clock } from '../kernel/clock.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
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
  /** retired ones whose statement is not answered yet */
  private readonly leaving = new Set<Mailbox>();
  private cancel: Cancel | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly metrics: LiveScoreMetrics,
    accounting: Accounting,
    @Optional() private readonly protection?: MatchProtection,
  ) {
    accounting.register(() => this.inFlight());
  }

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

  /** The match's mailbox, if there is one. */
  find(matchId: string): Mailbox | undefined {
    return this.byMatch.get(matchId);
  }

  ids(): readonly string[] {
    return [...this.byMatch.keys()];
  }

  all(): Iterable<Mailbox> {
    return this.byMatch.values();
  }

  /** Mailboxes with something unwritten. */
  busyCount(): number {
    let count = this.leaving.size;
    for (const mailbox of this.byMatch.values())
      if (mailbox.pending || mailbox.inFlight || mailbox.inbox.length) count++;
    return count;
  }

  /** Forgets it; one with a statement under way is held until `left`. @param fate of what is unwritten */
  retire(mailbox: Mailbox, fate: Outcome): void {
    this.byMatch.delete(mailbox.matchId);
    mailbox.retired = fate;
    if (mailbox.inFlight && !mailbox.missed) this.leaving.add(mailbox);
  }

  /** The last statement of a retired one was answered; it may have protected the row of a match that was given away. */
  left(mailbox: Mailbox): void {
    if (this.leaving.delete(mailbox) && mailbox.retired === LEFT_UNWRITTEN)
      void this.protection?.clear(mailbox.matchId);
  }

  onApplicationBootstrap(): void {
    this.cancel ??= this.scheduler.every(SWEEP_MS, () => this.sweep());
  }

  onModuleDestroy(): void {
    this.cancel?.();
    this.cancel = null;
  }

  /** Drops idle mailboxes past their time; of unknown matches also the oldest beyond the limit. */
  sweep(): void {
    const nowMs = this.clock.nowMs();
    const unknown: Mailbox[] = [];
    for (const mailbox of this.byMatch.values()) {
      if (!mailbox.idle) continue;
      if (nowMs - mailbox.touchedAtMs > keptMs(mailbox)) this.drop(mailbox);
      else if (mailbox.phase === 'unknown') unknown.push(mailbox);
    }
    const surplus = unknown.sort((a, b) => a.touchedAtMs - b.touchedAtMs).slice(0, -MAX_UNKNOWN);
    for (const mailbox of surplus) this.drop(mailbox);
    if (surplus.length > 0) this.logger.warn('Updates of unknown matches dropped', { matches: surplus.length });
  }

  private drop(mailbox: Mailbox): void {
    this.byMatch.delete(mailbox.matchId);
    if (mailbox.parked) this.metrics.parkedDropped.inc();
  }

  private inFlight(): InFlight {
    let count = 0;
    let oldestAtMs: number | null = null;
    for (const mailboxes of [this.byMatch.values(), this.leaving]) {
      for (const mailbox of mailboxes) {
        if (mailbox.idle) continue;
        for (const { update, replay, final } of mailbox.waiting()) {
          if (replay || final) continue;
          count++;
          oldestAtMs = Math.min(oldestAtMs ?? update.receivedAtMs, update.receivedAtMs);
        }
      }
    }
    return { count, oldestAtMs };
  }
}

function keptMs({ phase, state }: Mailbox): number {
  if (phase === 'unknown') return UNKNOWN_KEPT_MS;
  return state && isLive(state.status) ? LIVE_KEPT_MS : ENDED_KEPT_MS;
}
