import { Injectable, Logger, Optional } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Observable, Subject } from 'rxjs';
import type { Committed } from '../contracts/committed-changes.js';
import { MatchTimes, STANDARD_TIMES } from '../contracts/match-times.js';
import { Clock } from '../kernel/clock.js';
import { logFields } from '../kernel/log-fields.js';
import { type BesideTaken, type Judgement, MatchBoard, type RowTaken } from './board/match-board.js';
import { type Hearing, type News, type Origin, ToldNews } from './board/news.js';
import { type ToldMarks, toldOf } from './board/told-of.js';
import { Audience, type PredictionFrame } from './ports/audience.js';
import { BroadcastBus } from './ports/broadcast-bus.js';
import { type FoundVersions, MissingVersions } from './ports/missing-versions.js';
import { comparePositions, type Position } from './ports/position.js';
import type { Told, VersionTold } from './ports/told.js';

/** What is held back of one match at most. */
const MOST_HELD = 500;
/** Matches of which is known whose frames clients of the first protocol heard. */
const MOST_HEARD = 5_000;

interface Held {
  readonly told: Told;
  readonly origin: Origin;
}

/**
 * The feed of the board: everything that is told passes here, in order per match, and leaves as news. What this process committed
 * goes to other instances, too.
 *
 * A match is *even* → a version that leaves others out → *filling*: the missing ones are asked for, what is told of the match
 * meanwhile is held back (frames of the first protocol go at once where this process committed) → the answer → *even*, each
 * missing version before what follows it. What nobody can fill is jumped over: the news then continue the position that clients have.
 *
 * The bus, the journal and this process may tell the same version: its frames of the first protocol are news once.
 */
@Injectable()
export class BroadcastFeed extends Audience {
  private readonly logger = new Logger('Broadcast');
  private readonly subject = new Subject<readonly News[]>();
  private readonly held = new Map<string, Held[]>();
  private readonly waiting = new Map<string, ((isAnswered: boolean) => void)[]>();
  /** newest position whose frames clients of the first protocol heard, per match */
  private readonly heard = new LRUCache<string, Position>({ max: MOST_HEARD });
  private readonly stale = new Subject<string>();

  /** Matches whose details are to be read again. */
  readonly staleDetails$: Observable<string> = this.stale.asObservable();

  /** Never fails into the feed: each listener stands its own errors. */
  readonly news$: Observable<readonly News[]> = this.subject.asObservable();

  constructor(
    private readonly board: MatchBoard,
    private readonly bus: BroadcastBus,
    private readonly clock: Clock,
    @Optional() private readonly times: MatchTimes = STANDARD_TIMES,
    @Optional() private readonly missing?: MissingVersions,
  ) {
    super();
    missing?.answered$.subscribe((found) => this.fill(found));
  }

  override tell(changes: readonly Committed[]): void {
    this.tellEverywhere(this.toldOf(changes));
  }

  override tellPredictions(frames: readonly PredictionFrame[]): void {
    this.tellEverywhere(frames.map((frame): Told => ({ matchId: frame.matchId, frames: [frame], details: true })));
  }

  /** Tells the clients of this process, and other instances over the bus, what was committed here. */
  tellEverywhere(told: readonly Told[]): void {
    if (told.length === 0) return;
    this.deliver(told, 'here');
    this.bus.publish(told);
  }

  toldOf(changes: readonly Committed[], marks: ToldMarks = {}): readonly Told[] {
    const telling = { nowMs: this.clock.nowMs(), times: this.times };
    return changes.map((change) => toldOf(change, telling, marks));
  }

  deliver(batch: readonly Told[], origin: Origin): void {
    this.publish(batch.flatMap((told) => this.hear(told, origin)));
  }

  /**
   * Asks for what follows the known position of the match; resolves when that was told, or cannot be. Nothing is held back
   * for it: whoever names a position that nobody has delays no one.
   * @returns false when nobody could be asked
   */
  catchUp(matchId: string): Promise<boolean> {
    const { missing } = this;
    const entry = this.board.get(matchId);
    if (!entry || !missing) return Promise.resolve(true);
    return new Promise<boolean>((resolve) => {
      const others = this.waiting.get(matchId);
      if (others) others.push(resolve);
      else this.waiting.set(matchId, [resolve]);
      missing.ask(matchId, entry.position);
    });
  }

  /** The database went back behind what was told: its rows replace what is known. */
  restored(rows: readonly RowTaken[]): void {
    for (const { matchId } of rows) this.heard.delete(matchId);
    this.publish(
      rows.map((row): News => ({ frames: [], origin: 'journal', entry: this.board.restore(row), reset: true })),
    );
  }

  /** Details were read again, or for the first time. */
  tellDetails(taken: readonly BesideTaken[]): void {
    const news = taken.flatMap(({ entry, isFirst, details }): readonly News[] => {
      if (!isFirst && Object.keys(details).length === 0) return [];
      return [{ frames: [], origin: 'journal', entry, details, ...(isFirst ? { first: true } : undefined) }];
    });
    this.publish(news);
  }

  /** Whoever answers must not see an error of ours. */
  private fill({ matchId, versions }: FoundVersions): void {
    try {
      this.publish(this.release(matchId, versions));
    } catch (error) {
      this.logger.error('Versions that nobody told could not be taken', logFields({ error }));
    }
  }

  private publish(news: readonly News[]): void {
    if (news.length > 0) this.subject.next(news);
  }

  private hear(told: Told, origin: Origin): readonly News[] {
    if (told.details) this.stale.next(told.matchId);
    const held = this.held.get(told.matchId);
    if (held) return this.holdBack(held, told, origin);
    const judgement = told.version ? this.board.judge(told.matchId, told.version) : null;
    const isGap = judgement === 'gap' && this.missing !== undefined;
    return isGap ? this.leap(told, origin) : this.take(told, origin, judgement);
  }

  private leap(told: Told, origin: Origin): readonly News[] {
    const { matchId } = told;
    const entry = this.board.get(matchId);
    if (!entry) return this.take(told, origin);
    const held: Held[] = [];
    this.held.set(matchId, held);
    const news = this.holdBack(held, told, origin);
    this.missing?.ask(matchId, entry.position);
    return news;
  }

  private holdBack(held: Held[], told: Told, origin: Origin): readonly News[] {
    if (held.length >= MOST_HELD) return [...this.release(told.matchId, null), ...this.take(told, origin)];
    if (origin !== 'here') {
      held.push({ told, origin });
      return [];
    }
    const { matchId, version, clock, details, again, frames } = told;
    held.push({ told: { matchId, frames: [], version, clock, details, again }, origin });
    if (frames.length === 0) return [];
    return [{ frames, ...this.hearing(told, origin, false) }];
  }

  /** Takes what was held back of a match, each missing version before what follows it. */
  private release(matchId: string, versions: readonly Told[] | null): readonly News[] {
    const held = this.held.get(matchId) ?? [];
    this.held.delete(matchId);
    const missing = [...(versions ?? [])];
    const news = held.flatMap(({ told, origin }) => {
      const before = takenBefore(missing, told.version);
      return [...before.flatMap((one) => this.take(one, 'journal')), ...this.take(told, origin)];
    });
    news.push(...missing.flatMap((one) => this.take(one, 'journal')));
    const waiting = this.waiting.get(matchId) ?? [];
    this.waiting.delete(matchId);
    for (const resolve of waiting) resolve(versions !== null);
    return news;
  }

  /** @param known how its version was judged just now; null: it was not */
  private take(told: Told, origin: Origin, known: Judgement | null = null): readonly News[] {
    const { matchId, version } = told;
    if (!version) return this.takeBeside(told, origin);
    // what is told again may be long over: a match that the board does not know begins with its row, or with its next version
    if (told.again && !this.board.get(matchId)) return this.framesAlone(told, version, origin);
    const judgement = known ?? this.board.judge(matchId, version);
    if (judgement === 'known') return this.framesAlone(told, version, origin);
    const { entry, previous } = this.board.take(matchId, version);
    const restated = judgement === 'restated';
    const jumped = comparePositions(version.previous, previous) > 0;
    const news = { told: version, previous, restated, jumped };
    return [new ToldNews(told, this.hearing(told, origin, restated), entry, news)];
  }

  private framesAlone(told: Told, version: VersionTold, origin: Origin): readonly News[] {
    const hearing = this.hearing(told, origin, false);
    // what was committed here leaves this process, whoever told it first
    if (origin === 'here' || told.again) return [{ frames: told.frames, repeated: version, ...hearing }];
    return hearing.heard || told.frames.length === 0 ? [] : [{ frames: told.frames, ...hearing }];
  }

  private takeBeside(told: Told, origin: Origin): readonly News[] {
    const { matchId, clock } = told;
    const entry = clock ? this.board.takeClock(matchId, clock) : null;
    if (!entry && origin !== 'here' && told.frames.length === 0) return [];
    const hearing = this.hearing(told, origin, false);
    if (!entry || !clock) return [new ToldNews(told, hearing)];
    return [new ToldNews(told, hearing, entry, undefined, { position: entry.position, clock })];
  }

  /** How the frames go out, and notes that they did. */
  private hearing({ matchId, version, again }: Told, origin: Origin, restated: boolean): Hearing {
    const upTo = this.heard.get(matchId);
    const isHeard = version !== undefined && upTo !== undefined && comparePositions(version.position, upTo) <= 0;
    if (version && !isHeard) this.heard.set(matchId, version.position);
    if (again) return { origin, again };
    return isHeard && !restated ? { origin, heard: true } : { origin };
  }
}

/** Takes out of the missing versions those before this one, which stand first, and forgets the same one. */
function takenBefore(missing: Told[], version: VersionTold | undefined): readonly Told[] {
  if (!version) return [];
  const order = ({ version: one }: Told) => (one ? comparePositions(one.position, version.position) : -1);
  const count = missing.findIndex((one) => order(one) >= 0);
  const before = missing.splice(0, count < 0 ? missing.length : count);
  if (missing[0] && order(missing[0]) === 0) missing.shift();
  return before;
}
