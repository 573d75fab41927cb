import { Injectable, Optional } from '@nestjs/common';
import { MatchRouter } from '../contracts/match-router.js';
import { type Receipt, UpdateSink } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { SUPERSEDED } from '../domain/outcomes.js';
import { Accounting, type InFlight } from '../kernel/accounting.js';
import { OutcomeCounter } from '../kernel/outcome-counter.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { Burst, type HeldMatch } from './burst.js';
import { ResolvedMqttIngestOptions } from './mqtt-ingest.options.js';
import type { FeedPacket } from './ports/feed-connection.js';
import { SupersededUpdates } from './superseded-updates.js';

const TICK_MS = 100;
/** Longer than a lost segment takes to come again over a bad line: a gap inside the burst is not its end. */
const QUIET_TICKS = 50;
/** A broker of which nothing shows that it marks what it sends again: from the first frame on, however many follow. */
const UNMARKED_TICKS = 100;

/**
 * Stands between the intake and the sink. After a session was resumed the broker first sends again what we had not
 * acknowledged, some of which is in the database already: judged one by one, an old score would pass for a correction
 * and be announced as a cancelled goal. So the burst is held back, and only the newest score of each match is judged,
 * together with what the older ones knew, as redelivered.
 *
 * States: passing –session resumed→ collecting –the first frame without DUP, a window full of frames, quiet for 5 s→
 * passing; collecting –connection lost, stop→ passing, with nothing judged of what comes again. Some brokers lose the
 * flag: until one frame with DUP has come from ours, a frame without it proves nothing, and collecting ends by quiet,
 * or 10 s after the first frame. Matches on the legacy path pass all the while. Time is counted in turns of a timer, so that a busy process does not take its own
 * delay for silence.
 */
@Injectable()
export class RedeliveryGate {
  private burst: Burst | null = null;
  private frames = 0;
  private framesAtLastTick = 0;
  private ticksWithFrames = 0;
  private quietTicks = 0;
  /** a frame with DUP has come: this broker marks what it sends again */
  private brokerMarks = false;
  private cancelTicks: Cancel | null = null;
  private readonly unsettled = new Set<SupersededUpdates>();
  private readonly maxFrames: number;

  constructor(
    private readonly sink: UpdateSink,
    private readonly scheduler: Scheduler,
    private readonly fates: OutcomeCounter,
    accounting: Accounting,
    options: ResolvedMqttIngestOptions,
    @Optional() private readonly router?: MatchRouter,
  ) {
    // More are not read before some are acknowledged.
    const sentAhead = options.protocolVersion === 5 ? options.receiveMaximum : options.maxUnacknowledged;
    this.maxFrames = Math.min(sentAhead, options.maxUnacknowledged);
    accounting.register(() => this.inFlight());
  }

  /** Is a burst held back? */
  get isCollecting(): boolean {
    return this.burst !== null;
  }

  /** A message has come, before its updates: the first that the broker did not send before ends the burst. */
  arrived({ dup, retain }: Pick<FeedPacket, 'dup' | 'retain'>): void {
    if (dup) this.brokerMarks = true;
    else if (this.burst && this.brokerMarks && !retain) this.release();
  }

  /** Takes the updates of one message, in order. */
  submit(updates: readonly MatchUpdate[], receipt: Receipt | undefined): void {
    if (this.burst === null) {
      this.sink.submit(updates, receipt);
      return;
    }
    const passing: MatchUpdate[] = [];
    for (const update of updates) {
      const repeat = { ...update, redelivered: true, inBurst: true } as const;
      if (this.isLeftToLegacy(update.matchId)) passing.push(repeat);
      else this.burst.add(repeat, receipt);
    }
    if (passing.length > 0) this.sink.submit(passing, receipt);
    if (passing.length === updates.length) return;
    this.frames += 1;
    if (this.frames >= this.maxFrames) this.release();
  }

  /** A new connection, before its first message. */
  sessionStarted(resumed: boolean): void {
    this.sessionEnded();
    if (!resumed) return;
    this.burst = new Burst();
    this.frames = 0;
    this.framesAtLastTick = 0;
    this.ticksWithFrames = 0;
    this.quietTicks = 0;
    this.cancelTicks = this.scheduler.every(TICK_MS, () => this.tick());
  }

  /**
   * The connection is gone, or nothing more will be taken. What the broker keeps comes again, with the rest of the burst:
   * a part of it must not be judged, for the row may be further. Its receipts are told nothing.
   */
  sessionEnded(): void {
    for (const { held } of this.takeBurst()) {
      for (const { update, receipt } of held) {
        if (receipt?.awaitsCommit) this.fates.count(SUPERSEDED);
        else this.sink.submit([update], receipt);
      }
    }
  }

  /** The legacy path always got what the broker sent, when the broker sent it. */
  private isLeftToLegacy(matchId: string): boolean {
    const { router } = this;
    return router !== undefined && router.routeOf(matchId) !== 'direct' && !router.isMoving(matchId);
  }

  /** Hands on what is held back; from now on everything passes. */
  private release(): void {
    for (const match of this.takeBurst()) this.releaseMatch(match);
  }

  private takeBurst(): Iterable<HeldMatch> {
    const matches = this.burst?.matches ?? [];
    this.burst = null;
    this.cancelTicks?.();
    this.cancelTicks = null;
    return matches;
  }

  private tick(): void {
    if (this.frames > 0) this.ticksWithFrames += 1;
    this.quietTicks = this.frames === this.framesAtLastTick ? this.quietTicks + 1 : 0;
    this.framesAtLastTick = this.frames;
    const tooLong = !this.brokerMarks && this.ticksWithFrames >= UNMARKED_TICKS;
    if (tooLong || this.quietTicks >= QUIET_TICKS) this.release();
  }

  private releaseMatch({ held, newest, folded }: HeldMatch): void {
    if (!newest || !folded || held.length === 1) {
      for (const { update, receipt } of held) this.sink.submit([update], receipt);
      return;
    }
    const awaitsCommit = held.some(({ receipt }) => receipt?.awaitsCommit === true);
    const older = new SupersededUpdates(newest, awaitsCommit, (count) => this.settled(older, count));
    this.unsettled.add(older);
    for (const item of held) {
      if (item !== newest && item.update.score && !hasDetails(item.update)) older.wait(item);
    }
    for (const item of held) {
      if (item === newest) this.sink.submit([folded], older);
      else if (!item.update.score) this.sink.submit([item.update], item.receipt);
      else if (hasDetails(item.update)) this.sink.submit([withoutScore(item.update)], older.receiptOfDetails(item));
    }
  }

  private settled(older: SupersededUpdates, count: number): void {
    this.unsettled.delete(older);
    for (let i = 0; i < count; i += 1) this.fates.count(SUPERSEDED);
  }

  private inFlight(): InFlight {
    let count = this.burst?.size ?? 0;
    let oldestAtMs = this.burst?.oldestAtMs ?? null;
    for (const older of this.unsettled) {
      count += older.waitingCount;
      if (older.oldestAtMs !== null) oldestAtMs = Math.min(oldestAtMs ?? older.oldestAtMs, older.oldestAtMs);
    }
    return { count, oldestAtMs };
  }
}

function hasDetails({ statistics, incidents, commentary }: MatchUpdate): boolean {
  return statistics !== undefined || incidents !== undefined || commentary !== undefined;
}

function withoutScore({ score: _score, ...details }: MatchUpdate): MatchUpdate {
  return details;
}
