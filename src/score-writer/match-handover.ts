import { Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { DetailsSink } from '../contracts/details-sink.js';
import type { MatchState } from '../domain/match-state.js';
import { LEFT_UNWRITTEN } from '../domain/outcomes.js';
import { MatchProtection } from '../foreign-writers/ports/match-protection.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import type { Mailbox } from './mailbox.js';
import { baseOf, isIdle } from './mailbox-contents.js';
import { Mailboxes } from './mailboxes.js';
import { MatchStates } from './ports/match-states.js';

const LOOK_EVERY_MS = 5;

/** A match that is being given away. */
interface Release {
  readonly matchId: string;
  /** the one it had at the beginning: another one means that the lease was lost meanwhile */
  readonly mailbox: Mailbox | undefined;
  /** by the scheduler's monotonic clock */
  readonly untilMs: number;
  readonly told: Promise<boolean>;
  readonly done: (complete: boolean) => void;
}

/**
 * Gives matches away whole: one that has nothing unwritten at once, the others are looked at every 5 ms until they have
 * nothing or their time is up. What is unwritten then is dead for this path: whoever sent it keeps it as a letter.
 * Nothing protects the row of one that is given away.
 */
@Injectable()
export class MatchHandover extends MatchStates implements OnApplicationShutdown {
  private readonly waiting = new Map<string, Release>();
  private cancel: Cancel | null = null;

  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly scheduler: Scheduler,
    @Optional() private readonly details?: DetailsSink,
    @Optional() private readonly protection?: MatchProtection,
  ) {
    super();
  }

  override peek(matchId: string): MatchState | null {
    const mailbox = this.mailboxes.find(matchId);
    return mailbox ? baseOf(mailbox.contents) : null;
  }

  override held(): readonly string[] {
    return this.mailboxes.ids();
  }

  override minuteIsMissing(matchId: string): void {
    this.mailboxes.find(matchId)?.minuteIsMissing();
  }

  /** Whoever asks while the match is being given away is told the same. */
  override release(matchId: string, timeoutMs: number): Promise<boolean> {
    const begun = this.waiting.get(matchId);
    if (begun) return begun.told;
    let done: (complete: boolean) => void = () => {};
    const told = new Promise<boolean>((resolve) => {
      done = resolve;
    });
    const mailbox = this.mailboxes.find(matchId);
    const release = { matchId, mailbox, untilMs: this.scheduler.monotonicMs() + timeoutMs, told, done };
    if (!this.settled(release)) {
      this.waiting.set(matchId, release);
      this.cancel ??= this.scheduler.every(LOOK_EVERY_MS, () => this.poll());
    }
    return told;
  }

  onApplicationShutdown(): void {
    for (const { done } of this.waiting.values()) done(false);
    this.waiting.clear();
    this.rest();
  }

  private poll(): void {
    for (const release of this.waiting.values()) if (this.settled(release)) this.waiting.delete(release.matchId);
    if (this.waiting.size === 0) this.rest();
  }

  private rest(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private settled(release: Release): boolean {
    const { matchId, mailbox, untilMs, done } = release;
    const wasRetired = Boolean(mailbox?.contents.retired);
    const isBusy = (mailbox && !isIdle(mailbox.contents) && !wasRetired) || this.details?.holds(matchId);
    if (isBusy && this.scheduler.monotonicMs() < untilMs) return false;
    const complete = !isBusy && !wasRetired;
    if (mailbox && !wasRetired) this.mailboxes.discard(mailbox, LEFT_UNWRITTEN);
    this.details?.forget(matchId);
    if (this.protection) void this.protection.clear(matchId).then(() => done(complete));
    else done(complete);
    return true;
  }
}
