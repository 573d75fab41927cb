import { Logger } from '@nestjs/common';
import type { IngestLease } from '../../contracts/ingest-lease.js';
import { followLease } from '../../contracts/lease-follower.js';
import { retryPauseMs } from '../../kernel/backoff.js';
import { Lifecycle } from '../../kernel/lifecycle.js';
import { Poller } from '../../kernel/poller.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import type { Scheduler } from '../../kernel/scheduler.js';
import type { BoardRow, BoardStore, DetailsHead, JournalHead } from '../ports/board-store.js';
import type { BroadcastBus } from '../ports/broadcast-bus.js';
import { comparePositions, type Position, positionText } from '../ports/position.js';

/** Commits become visible out of order: how far the times of two looks overlap. */
const OVERLAP_MS = 5_000;
/** The same for the first look, and when somebody else may have told in vain. */
const LOOK_BACK_MS = 60_000;
/** While the bus tells: the look is a check, for the process that commits may speak to a Redis that is not there any more. */
const CHECK_EVERY_MS = 1_000;
/** A process that had no turn for so long was suspended: its lease may be somebody else's. */
const SLEPT_MS = 10_000;
/** Versions of one look; when there are more every match of the board is asked about. */
const MOST_VERSIONS = 50_000;
/** A match that the board still does not know is asked for again after it. */
const ASK_AGAIN_MS = 2_000;
const MOST_SUSPECTS = 5_000;
const RETRY = { firstMs: 200, maxMs: 2_000 };

/** The board as the follower sees it. Nothing here may throw. */
export interface FollowedBoard {
  /** null: the board does not know the match */
  positionOf(matchId: string): Position | null;
  /** every match that the board knows */
  matchIds(): Iterable<string>;
  /** The journal has versions of the match after that position; the board may not know the match at all. */
  behind(matchId: string, after: Position): void;
  /** What stands beside the versions of these matches is to be read again. */
  staleDetails(matchIds: readonly string[]): void;
  /** The database is behind what was told of these matches: it lost its newest commits, and what was told is no more. */
  restored(rows: readonly BoardRow[]): void;
}

export interface Following {
  readonly store: BoardStore;
  readonly board: FollowedBoard;
  readonly scheduler: Scheduler;
  /** ms */
  readonly pollMs: number;
  /** absent: nobody else tells us */
  readonly bus?: Pick<BroadcastBus, 'isConnected' | 'connected$'>;
  /** absent: this process commits, and nobody else does */
  readonly lease?: IngestLease;
  /** commits nothing, whoever has the lease */
  readonly isGateway: boolean;
}

/**
 * Looks into the journal for what this process was not told.
 *
 * *alone* (no lease, no connected bus): a look every `pollMs` → the bus is connected → *checking*: every second → the lease is taken →
 * one look at once, 60 s back, and *holding*: none, for nobody else commits → the lease is lost → the same look, and *alone* or
 * *checking*. It follows every connection of the bus, too, and a suspension of the process. Each look covers the time since the last one that succeeded,
 * and 5 s more; while the database is away the pauses grow to 2 s. A look is one statement, and one more where the database
 * seems to have lost commits; what is missing is read by whoever is told of it.
 */
export class JournalFollower {
  private readonly life = new Lifecycle();
  private readonly poller: Poller;
  private holds = false;
  private isOwed = true;
  private turnedAtMs: number;
  private lookedAtMs = Number.NEGATIVE_INFINITY;
  private coveredAtMs: number;
  private failures = 0;
  private notBeforeMs = Number.NEGATIVE_INFINITY;
  /** unknown matches that were asked for */
  private asked = new Map<string, { readonly head: string; readonly atMs: number }>();
  private detailsAtMs = new Map<string, number>();
  /** positions of the board that the last look did not find in the journal */
  private suspects = new Map<string, Position>();

  constructor(private readonly following: Following) {
    const { scheduler, pollMs } = following;
    const warning = new SampledWarning(new Logger('Broadcast'), 'The journal cannot be followed');
    this.poller = new Poller(scheduler, { everyMs: pollMs, turn: () => this.turn(), warning });
    this.turnedAtMs = scheduler.monotonicMs();
    this.coveredAtMs = this.turnedAtMs;
  }

  /** The board is to know its matches before. */
  start(): void {
    const { bus, lease, isGateway, scheduler } = this.following;
    this.life.start(() => {
      this.turnedAtMs = scheduler.monotonicMs();
      if (!isGateway) this.life.own(followLease(lease, { begun: () => this.hold(), ended: () => this.letGo() }));
      if (bus) this.life.own(bus.connected$.subscribe(() => this.connected()));
      this.poller.start();
      void this.poller.run();
      return [];
    });
  }

  /** No further look; the one under way gets `waitMs`. */
  async stop(waitMs: number): Promise<void> {
    this.life.stop();
    await this.poller.stop(waitMs);
  }

  /** The one before may have committed what it could not tell. */
  private hold(): void {
    this.holds = true;
    if (this.following.lease) this.lookBack();
    else this.isOwed = false;
  }

  private connected(): void {
    if (!this.holds) this.lookBack();
  }

  private letGo(): void {
    this.holds = false;
    this.lookBack();
  }

  private lookBack(): void {
    this.isOwed = true;
    void this.poller.underWay.then(() => this.poller.run());
  }

  private async turn(): Promise<void> {
    if (this.life.stopped) return;
    const nowMs = this.following.scheduler.monotonicMs();
    if (nowMs - this.turnedAtMs > SLEPT_MS && this.following.lease) this.isOwed = true;
    this.turnedAtMs = nowMs;
    if (this.holds && !this.isOwed) this.coveredAtMs = nowMs;
    else if (this.isDue(nowMs)) await this.look(nowMs);
  }

  private isDue(nowMs: number): boolean {
    if (nowMs < this.notBeforeMs) return false;
    return this.isOwed || !this.following.bus?.isConnected || nowMs - this.lookedAtMs >= CHECK_EVERY_MS;
  }

  private async look(nowMs: number): Promise<void> {
    const { store, scheduler } = this.following;
    const isOwed = this.isOwed;
    this.isOwed = false;
    try {
      const withinMs = nowMs - this.coveredAtMs + (isOwed ? LOOK_BACK_MS : OVERLAP_MS);
      const { versions, details, isCut } = await store.heads(withinMs, MOST_VERSIONS);
      if (this.life.stopped) return;
      this.compare(versions, nowMs);
      if (isCut) this.askForAll();
      this.compareDetails(details);
      await this.findRestored(versions);
      this.coveredAtMs = nowMs;
      this.lookedAtMs = nowMs;
      this.failures = 0;
    } catch (error) {
      this.isOwed ||= isOwed;
      this.failures++;
      this.notBeforeMs = scheduler.monotonicMs() + retryPauseMs(RETRY, this.failures, scheduler);
      throw error;
    }
  }

  private compare(versions: readonly JournalHead[], nowMs: number): void {
    const { board } = this.following;
    const asked = new Map<string, { readonly head: string; readonly atMs: number }>();
    const stale: string[] = [];
    for (const head of versions) {
      const { matchId, position } = head;
      const known = board.positionOf(matchId);
      if (!known) asked.set(matchId, this.askForUnknown(head, nowMs));
      else if (comparePositions(position, known) > 0) {
        board.behind(matchId, known);
        stale.push(matchId);
      }
    }
    this.asked = asked;
    if (stale.length > 0) board.staleDetails(stale);
  }

  /** All that the look found of the match: a match that begins is new to the board. */
  private askForUnknown({ matchId, position, first }: JournalHead, nowMs: number) {
    const head = positionText(position);
    const before = this.asked.get(matchId);
    if (before?.head === head && nowMs - before.atMs < ASK_AGAIN_MS) return before;
    this.following.board.behind(matchId, { epoch: first.epoch, version: first.version - 1 });
    return { head, atMs: nowMs };
  }

  private askForAll(): void {
    const { board } = this.following;
    for (const matchId of [...board.matchIds()]) {
      const known = board.positionOf(matchId);
      if (known) board.behind(matchId, known);
    }
  }

  private compareDetails(details: readonly DetailsHead[]): void {
    const stale = details.filter(
      ({ matchId, atMs }) => atMs > (this.detailsAtMs.get(matchId) ?? Number.NEGATIVE_INFINITY),
    );
    this.detailsAtMs = new Map(details.map(({ matchId, atMs }) => [matchId, atMs]));
    if (stale.length > 0) this.following.board.staleDetails(stale.map(({ matchId }) => matchId));
  }

  /**
   * A position that was told before the look began was committed before it: where the journal ends before it, and the row, too,
   * the commit is lost. One look alone says nothing, for the board may have been told since.
   */
  private async findRestored(versions: readonly JournalHead[]): Promise<void> {
    const { board, store } = this.following;
    const suspects = new Map<string, Position>();
    const lost = new Map<string, Position>();
    for (const { matchId, position } of versions) {
      const known = board.positionOf(matchId);
      if (!known || comparePositions(position, known) >= 0) continue;
      const before = this.suspects.get(matchId);
      if (before && comparePositions(position, before) < 0 && lost.size < MOST_SUSPECTS) lost.set(matchId, before);
      suspects.set(matchId, known);
    }
    this.suspects = suspects;
    if (lost.size === 0) return;
    const rows = await store.load([...lost.keys()]);
    const restored = rows.filter(({ state: { matchId }, position }) => {
      const told = lost.get(matchId);
      return told !== undefined && comparePositions(position, told) < 0;
    });
    if (restored.length > 0) board.restored(restored);
  }
}
