import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { Lifecycle } from '../../../kernel/lifecycle.js';
import { Scheduler } from '../../../kernel/scheduler.js';
import { Timer } from '../../../kernel/timer.js';
import { BoardParts } from '../../board-parts.js';
import { ResolvedBroadcastOptions } from '../../broadcast.options.js';
import { GatheredCatchUps } from '../../gathered-catch-ups.js';
import { comparePositions, type Position } from '../../ports/position.js';
import { ListPage } from './list-page.js';
import {
  asStep,
  BAD_SINCE,
  type LiveAnswer,
  NOT_FOUND,
  NOT_READ,
  type Page,
  stateAnswer,
  TOO_MANY,
} from './live-answer.js';
import { MatchPages } from './match-pages.js';
import { readListSince, readMatchSince, sinceText } from './since.js';
import { Turns } from './turns.js';
import { type Visitor, WaitingRoom } from './waiting-room.js';

const MOST_READERS = 20_000;
/** While the database cannot be asked. */
const MOST_READ_MS = 1_000;
/** Somebody has a newer version than this process: the bus brings it, else the journal has it, else it is not there. */
const BUS_FIRST_MS = 100;
const MOST_AHEAD_MS = 1_000;
const LONGEST_ID = 255;
const PLAIN_TEXT = /^[^\p{Cc}\p{Cs}]+$/u;
const LIST = 'list';

/** What a reader asked for. */
export interface Wish {
  /** of the query, as it came; undefined: whatever is newest */
  readonly since: unknown;
  /** false: answered at once */
  readonly mayWait: boolean;
}

/**
 * Answers those who read over HTTP: at once when they name something else than what is current, else as soon as it changes,
 * or at the end of the turn. At the shutdown all who wait are answered, and nobody else is.
 */
@Injectable()
export class LiveReaders implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly life = new Lifecycle();
  private readonly room: WaitingRoom;
  private readonly turns: Turns;
  private readonly pages = new MatchPages();
  private readonly list: ListPage;
  private readonly listTimer: Timer;
  private readonly catchUps: GatheredCatchUps;
  /** what those who wait for the list have */
  private waitedFor = '';
  private readers = 0;

  constructor(
    private readonly matches: BoardParts,
    private readonly clock: Clock,
    scheduler: Scheduler,
    { longPollMs }: ResolvedBroadcastOptions,
  ) {
    this.room = new WaitingRoom(scheduler);
    this.turns = new Turns(longPollMs);
    this.list = new ListPage(matches.board, this.pages, scheduler);
    this.listTimer = new Timer(scheduler);
    this.catchUps = new GatheredCatchUps(matches.feed, scheduler);
  }

  onApplicationBootstrap(): void {
    this.life.start(() => [
      () => this.room.close(),
      () => this.listTimer.stop(),
      () => this.catchUps.close(),
      this.matches.feed.news$.subscribe((news) => {
        for (const { entry } of news) if (entry) this.room.call(keyOf(entry.matchId));
        this.watchList();
      }),
    ]);
  }

  beforeApplicationShutdown(): void {
    this.life.stop();
  }

  get isClosing(): boolean {
    return this.life.stopped;
  }

  /** Requests that are not answered yet. */
  get count(): number {
    return this.readers;
  }

  async ofMatch(matchId: string, { since, mayWait }: Wish, visitor: Visitor): Promise<LiveAnswer> {
    if (matchId.length > LONGEST_ID || !PLAIN_TEXT.test(matchId)) return NOT_FOUND;
    const known = since === undefined ? null : readMatchSince(since);
    if (since !== undefined && !known) return BAD_SINCE;
    const answer = await this.admitted(async () => {
      if (!(await this.matches.reader.want([matchId], MOST_READ_MS))) return NOT_READ;
      if (known && mayWait) await this.reach(matchId, known.position, visitor);
      const page = this.pageOf(matchId);
      if (!page) return NOT_FOUND;
      const isCurrent = known && (known.tag === null ? this.isAt(matchId, known.position) : known.tag === page.tag);
      if (!isCurrent || !mayWait) return this.now(keyOf(matchId), page);
      const next = await this.wait(keyOf(matchId), known.turn, visitor);
      const newest = this.pageOf(matchId) ?? page;
      return newest.tag === page.tag ? stateAnswer(page, sinceText(page.tag, next)) : this.now(keyOf(matchId), newest);
    });
    const leadsOn = answer.status === 200 && known?.turn != null && !this.isBehind(matchId, known.position);
    return leadsOn ? asStep(answer) : answer;
  }

  async ofList({ since, mayWait }: Wish, visitor: Visitor): Promise<LiveAnswer> {
    const known = since === undefined ? null : readListSince(since);
    if (since !== undefined && !known) return BAD_SINCE;
    return this.admitted(async () => {
      if (!(await this.matches.reader.ready(MOST_READ_MS))) return NOT_READ;
      const page = this.list.get();
      if (known?.tag !== page.tag || !mayWait) return this.now(LIST, page);
      if (this.waitedFor !== page.tag) this.room.call(LIST);
      this.waitedFor = page.tag;
      const waiting = this.wait(LIST, known.turn, visitor);
      // what changed since the list was made is in no news any more
      this.watchList();
      const next = await waiting;
      const newest = this.list.get();
      return newest.tag === page.tag ? stateAnswer(page, sinceText(page.tag, next)) : this.now(LIST, newest);
    });
  }

  private async admitted(answer: () => Promise<LiveAnswer>): Promise<LiveAnswer> {
    if (this.life.stopped) return NOT_READ;
    if (this.readers >= MOST_READERS) return TOO_MANY;
    this.readers += 1;
    try {
      return await answer();
    } finally {
      this.readers -= 1;
    }
  }

  /** @returns the turn that is named next; null where nobody waits */
  private async wait(key: string, asked: number | null, visitor: Visitor): Promise<number | null> {
    const nowMs = this.clock.nowMs();
    if (this.turns.at(key, nowMs) === null) return null;
    const { waitMs, next } = this.turns.of(key, asked, nowMs);
    await this.room.wait(key, waitMs, visitor);
    return next;
  }

  private now(key: string, page: Page): LiveAnswer {
    return stateAnswer(page, sinceText(page.tag, this.turns.at(key, this.clock.nowMs())));
  }

  private pageOf(matchId: string): Page | null {
    const entry = this.matches.board.get(matchId);
    return entry ? this.pages.of(entry) : null;
  }

  private isAt(matchId: string, position: Position): boolean {
    const entry = this.matches.board.get(matchId);
    return entry !== undefined && comparePositions(entry.position, position) === 0;
  }

  /** Another instance told the reader more than this one knows yet. */
  private async reach(matchId: string, position: Position, visitor: Visitor): Promise<void> {
    if (!this.isBehind(matchId, position)) return;
    await this.room.wait(keyOf(matchId), BUS_FIRST_MS, visitor);
    if (!this.isBehind(matchId, position) || visitor.isGone) return;
    void this.catchUps.look(matchId);
    await this.room.wait(keyOf(matchId), MOST_AHEAD_MS - BUS_FIRST_MS, visitor);
  }

  private isBehind(matchId: string, position: Position): boolean {
    const entry = this.matches.board.get(matchId);
    return entry !== undefined && comparePositions(entry.position, position) < 0;
  }

  /** Somebody waits for the list, and it lacks something: it is made again when it may be. */
  private watchList(): void {
    if (!this.room.has(LIST) || !this.list.isBehind || this.listTimer.isSet) return;
    this.listTimer.set(this.list.dueInMs, () => {
      if (this.list.get().tag !== this.waitedFor) this.room.call(LIST);
      // a timer may be early
      this.watchList();
    });
  }
}

function keyOf(matchId: string): string {
  return `match ${matchId}`;
}
