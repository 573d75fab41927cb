import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { MatchStatus } from '../../../src/domain/match-status.js';
import { eventually } from '../../../test/support/eventually.js';
import type { SeededRandom } from '../../../test/support/seeded-random.js';
import type { CommitWatch } from '../parts/commit-watch.js';
import { MatchPlay } from './match-play.js';
import { Pace } from './pace.js';

/** What is not committed by then was folded into the next one, or refused, or nobody takes the feed now. */
const GIVEN_UP_MS = 1_000;
const STEP_MS = 5;
const SEVERAL = 0.25;
const MOST_IN_ONE = 5;
const TAKEN_TIMEOUT_MS = 60_000;

/** Where in the load the whistles are, 0–1, for the nth of all matches. */
const HALF_TIME_AT = 0.4;
const SECOND_HALF_AT = 0.5;
/** the last matches kick off later */
const LATE_PART = 0.15;
/** and some are over before the end */
const ENDED_PART = 0.1;

interface Played {
  readonly play: MatchPlay;
  readonly kicksOffAt: number;
  readonly endsAt: number;
  status: MatchStatus;
  /** taken over by the broker */
  open: Promise<unknown>;
  /** version of the row when the last frame was published, and when that was */
  versionBefore: number;
  publishedAt: number;
}

/**
 * Publishes frames of many matches as fast as they are committed, each a change: a match's next frame waits until the one
 * before is a version of its row, so that none is folded into another.
 */
export class ChangeLoad {
  private readonly matches: readonly Played[];
  private published = 0;

  private constructor(
    private readonly client: MqttClient,
    private readonly topic: string,
    private readonly watch: CommitWatch,
    matchIds: readonly string[],
    private readonly random: SeededRandom,
    readonly pace: Pace,
  ) {
    const nowS = Math.floor(Date.now() / 1000);
    const late = Math.floor(matchIds.length * (1 - LATE_PART));
    this.matches = matchIds.map((matchId, n) => ({
      play: new MatchPlay(matchId, nowS, random),
      kicksOffAt: n < late ? 0 : 0.2 + 0.5 * random.next(),
      endsAt: n < matchIds.length * ENDED_PART ? 0.7 + 0.25 * random.next() : Number.POSITIVE_INFINITY,
      status: MatchStatus.FirstHalf,
      open: Promise.resolve(),
      versionBefore: -1,
      publishedAt: 0,
    }));
  }

  static async connect(
    url: string,
    topic: string,
    watch: CommitWatch,
    matchIds: readonly string[],
    random: SeededRandom,
    mostPerSecond: number,
  ): Promise<ChangeLoad> {
    const clientId = `broadcast-faults-${process.pid}-${Math.random().toString(16).slice(2, 8)}`;
    const client = await connectAsync(url, { clientId, clean: false, reconnectPeriod: 100, connectTimeout: 5_000 });
    client.on('error', () => undefined);
    return new ChangeLoad(client, topic, watch, matchIds, random, new Pace(mostPerSecond, performance.now()));
  }

  /** frames so far */
  get frames(): number {
    return this.published;
  }

  /**
   * Publishes until it is over.
   * @param progress how much of all changes is committed, 0–1
   */
  async run(isOver: () => boolean, progress: () => number, signal: AbortSignal): Promise<void> {
    const { pace } = this;
    pace.allowed(performance.now());
    while (!isOver()) {
      signal.throwIfAborted();
      const ready = this.ready(progress());
      for (let allowed = pace.allowed(performance.now()); allowed > 0 && ready.length > 0; ) {
        const count = await this.publish(ready, progress());
        pace.sent(count);
        allowed -= count;
      }
      await sleep(STEP_MS);
    }
    await this.taken();
  }

  async close(): Promise<void> {
    await this.client.endAsync(true);
  }

  private ready(progress: number): Played[] {
    const now = performance.now();
    return this.matches.filter(
      ({ kicksOffAt, status, play, versionBefore, publishedAt }) =>
        kicksOffAt <= progress &&
        status !== MatchStatus.Ended &&
        (this.watch.versionOf(play.matchId) > versionBefore || now - publishedAt > GIVEN_UP_MS),
    );
  }

  /** One message with one match, or with a few; those are ready no more. */
  private async publish(ready: Played[], progress: number): Promise<number> {
    const count = this.random.next() < SEVERAL ? 1 + this.random.below(MOST_IN_ONE) : 1;
    const chosen: Played[] = [];
    while (chosen.length < count && ready.length > 0) chosen.push(...ready.splice(this.random.below(ready.length), 1));
    const tuples: (readonly unknown[])[] = [];
    for (const match of chosen) {
      await match.open;
      match.versionBefore = this.watch.versionOf(match.play.matchId);
      match.publishedAt = performance.now();
      tuples.push(this.nextOf(match, progress));
    }
    const items = tuples.map((tuple) => ({ id: tuple[0], score: tuple }));
    const taken = this.client.publishAsync(this.topic, JSON.stringify(items.length === 1 ? items[0] : items), {
      qos: 1,
    });
    taken.catch(() => undefined);
    for (const match of chosen) match.open = taken;
    this.published += items.length;
    return items.length;
  }

  private nextOf(match: Played, progress: number): readonly unknown[] {
    const due = dueStatus(match, progress);
    if (due === null) return match.play.next();
    match.status = due;
    return match.play.whistle(due);
  }

  private async taken(): Promise<void> {
    let isTaken = false;
    void Promise.all(this.matches.map(({ open }) => open)).then(
      () => {
        isTaken = true;
      },
      () => undefined,
    );
    await eventually(() => isTaken, { what: 'the broker to take over every frame', timeoutMs: TAKEN_TIMEOUT_MS });
  }
}

function dueStatus({ status, endsAt }: Played, progress: number) {
  if (progress >= endsAt && status === MatchStatus.SecondHalf) return MatchStatus.Ended;
  if (progress >= SECOND_HALF_AT && status === MatchStatus.HalfTime) return MatchStatus.SecondHalf;
  return progress >= HALF_TIME_AT && status === MatchStatus.FirstHalf ? MatchStatus.HalfTime : null;
}
