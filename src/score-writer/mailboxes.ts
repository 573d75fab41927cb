import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { WriteFence } from '../contracts/write-fence.js';
import { isLive, mayGoOn } from '../domain/match-status.js';
import type { Outcome } from '../domain/outcome.js';
import { FENCED, LEFT_UNWRITTEN } from '../domain/outcomes.js';
import { MatchProtection } from '../foreign-writers/ports/match-protection.js';
import { Accounting, type InFlight } from '../kernel/accounting.js';
import { Clock } from '../kernel/clock.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { Scheduler } from '../kernel/scheduler.js';
import { Mailbox } from './mailbox.js';
import { isBusy, isIdle, type MailboxContents, waitingOf } from './mailbox-contents.js';
import { WriterNeighbours } from './writer-neighbours.js';

const MAX_MAILBOXES = 50_000;
const MAX_UNKNOWN = 1_000;
const SWEEP_MS = 60_000;
/** the reopening window of an ended match, and a little */
const ENDED_KEPT_MS = 25 * 60_000;
const LIVE_KEPT_MS = 6 * 3_600_000;
const UNKNOWN_KEPT_MS = 10 * 60_000;

interface Kept {
  readonly mailbox: Mailbox;
  /** when its match was last heard of, our clock, unix ms */
  touchedAtMs: number;
}

/**
 * The mailboxes of all matches heard of lately. Bounded; only idle ones are ever dropped, and all are discarded when the lease
 * is lost: the feed is somebody else's, and what is known of rows may be old.
 */
@Injectable()
export class Mailboxes implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Mailboxes.name);
  private readonly byMatch = new Map<string, Kept>();
  /** retired ones whose statement is not answered yet */
  private readonly leaving = new Set<Mailbox>();
  private readonly life = new Lifecycle();

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly metrics: LiveScoreMetrics,
    private readonly neighbours: WriterNeighbours,
    right: WriteFence,
    accounting: Accounting,
    @Optional() private readonly protection?: MatchProtection,
  ) {
    accounting.register(() => this.inFlight());
    right.lost$.subscribe(() => this.discardAll());
  }

  /** The match's mailbox; null when there are too many and none can be dropped. */
  open(matchId: string): Mailbox | null {
    const nowMs = this.clock.nowMs();
    let kept = this.byMatch.get(matchId);
    if (!kept) {
      if (this.byMatch.size >= MAX_MAILBOXES) this.sweep();
      if (this.byMatch.size >= MAX_MAILBOXES) return null;
      kept = { mailbox: new Mailbox(matchId, this.neighbours), touchedAtMs: nowMs };
      this.byMatch.set(matchId, kept);
    }
    kept.touchedAtMs = nowMs;
    return kept.mailbox;
  }

  /** The match's mailbox, if there is one. */
  find(matchId: string): Mailbox | undefined {
    return this.byMatch.get(matchId)?.mailbox;
  }

  ids(): readonly string[] {
    return [...this.byMatch.keys()];
  }

  get count(): number {
    return this.byMatch.size;
  }

  *all(): Generator<Mailbox, undefined> {
    for (const { mailbox } of this.byMatch.values()) yield mailbox;
    return undefined;
  }

  /** Mailboxes with something unwritten. */
  busyCount(): number {
    let count = this.leaving.size;
    for (const { contents } of this.all()) if (isBusy(contents)) count++;
    return count;
  }

  /**
   * Nothing more of the match is written, and what is known of its row is forgotten; a statement under way is answered
   * all the same. @returns how many updates met `fate`
   */
  discard(mailbox: Mailbox, fate: Outcome): number {
    this.byMatch.delete(mailbox.matchId);
    const { inFlight } = mailbox.contents;
    if (inFlight && !inFlight.isMissed) this.leaving.add(mailbox);
    return mailbox.discard(fate, () => this.left(mailbox, fate));
  }

  onApplicationBootstrap(): void {
    this.life.start(() => this.scheduler.every(SWEEP_MS, () => this.sweep()));
  }

  onModuleDestroy(): void {
    this.life.stop();
  }

  /** Drops idle mailboxes past their time; of unknown matches also the oldest beyond the limit. */
  sweep(): void {
    const nowMs = this.clock.nowMs();
    const unknown: Kept[] = [];
    for (const kept of this.byMatch.values()) {
      const { contents } = kept.mailbox;
      if (!isIdle(contents)) continue;
      if (nowMs - kept.touchedAtMs > keptMs(contents)) this.drop(kept.mailbox);
      else if (contents.phase === 'unknown') unknown.push(kept);
    }
    const surplus = unknown.sort((a, b) => a.touchedAtMs - b.touchedAtMs).slice(0, -MAX_UNKNOWN);
    for (const { mailbox } of surplus) this.drop(mailbox);
    if (surplus.length > 0) this.logger.warn('Updates of unknown matches dropped', { matches: surplus.length });
  }

  private drop(mailbox: Mailbox): void {
    this.byMatch.delete(mailbox.matchId);
    mailbox.hearing.end();
    if (mailbox.contents.parked) this.metrics.parkedDropped.inc();
  }

  /** Its last statement was answered; it may have protected the row of a match that was given away. */
  private left(mailbox: Mailbox, fate: Outcome): void {
    if (this.leaving.delete(mailbox) && fate === LEFT_UNWRITTEN) void this.protection?.clear(mailbox.matchId);
  }

  private discardAll(): void {
    let dropped = 0;
    for (const mailbox of [...this.all()]) dropped += this.discard(mailbox, FENCED);
    if (dropped > 0)
      this.logger.warn('The lease of the feed was lost, unwritten updates dropped', { updates: dropped });
  }

  private inFlight(): InFlight {
    let count = 0;
    let oldestAtMs: number | null = null;
    const add = ({ contents }: Mailbox): void => {
      if (isIdle(contents)) return;
      for (const { update, replay, final } of waitingOf(contents)) {
        if (replay || final) continue;
        count++;
        oldestAtMs = Math.min(oldestAtMs ?? update.receivedAtMs, update.receivedAtMs);
      }
    };
    for (const { mailbox } of this.byMatch.values()) add(mailbox);
    for (const mailbox of this.leaving) add(mailbox);
    return { count, oldestAtMs };
  }
}

function keptMs({ phase, row }: MailboxContents): number {
  if (phase === 'unknown') return UNKNOWN_KEPT_MS;
  const goesOn = row && (isLive(row.status) || mayGoOn(row.status));
  return goesOn ? LIVE_KEPT_MS : ENDED_KEPT_MS;
}
