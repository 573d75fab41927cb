import { afterEach, describe, expect, it } from '@jest/globals';
import { Guest } from '../../../../test/support/guest.js';
import { ScriptedJournal } from '../../../../test/support/scripted-journal.js';
import { toldGoal } from '../../../../test/support/told.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import { STANDARD_TIMES } from '../../../contracts/match-times.js';
import { MatchBoard } from '../../board/match-board.js';
import { BoardParts } from '../../board-parts.js';
import type { BoardReader } from '../../board-reader.service.js';
import { resolveBroadcastOptions } from '../../broadcast.options.js';
import { BroadcastFeed } from '../../broadcast-feed.js';
import { LocalBroadcastBus } from '../local/local-broadcast-bus.js';
import type { LiveAnswer } from './live-answer.js';
import { LiveReaders } from './live-readers.js';

const MOST_READERS = 20_000;
const READY = { want: async () => true, ready: async () => true } as unknown as BoardReader;

/** Timers of Node may be a little early. */
class HastyScheduler extends VirtualScheduler {
  override after(delayMs: number, action: () => void) {
    return super.after(delayMs > 1 ? delayMs - 1 : delayMs, action);
  }
}

let running: LiveReaders[] = [];
afterEach(() => {
  for (const readers of running) readers.beforeApplicationShutdown();
  running = [];
});

function setUp({ isHasty = false } = {}) {
  const time = new VirtualTime();
  const scheduler = isHasty ? new HastyScheduler(time) : new VirtualScheduler(time);
  const options = resolveBroadcastOptions({ longPollMs: 20_000 });
  const clock = new VirtualClock(time);
  const board = new MatchBoard(options, scheduler);
  const asked: string[] = [];
  const journal = new ScriptedJournal((matchId) => {
    asked.push(matchId);
    scheduler.after(50, () => journal.answer(matchId, null));
  });
  const feed = new BroadcastFeed(board, new LocalBroadcastBus(), clock, STANDARD_TIMES, journal);
  const readers = new LiveReaders(new BoardParts(board, feed, READY), clock, scheduler, options);
  readers.onApplicationBootstrap();
  running.push(readers);
  const goal = (version: number, matchId = 'm1') => feed.deliver([toldGoal({ version, matchId })], 'bus');
  return { time, readers, goal, asked };
}

function positionOf({ body }: LiveAnswer): string {
  return JSON.parse(String(body)).position;
}

describe('those who read over HTTP', () => {
  it('are 20,000 at most; more are told to come back, and those who leave make room', async () => {
    const { time, readers, goal } = setUp();
    goal(1);
    const guests = Array.from({ length: MOST_READERS }, () => new Guest());
    const waiting = guests.map((guest) => readers.ofMatch('m1', { since: '1.1', mayWait: true }, guest));
    await time.advance(0);
    expect([readers.count, time.waiting]).toEqual([MOST_READERS, 1]);
    const refused = await readers.ofMatch('m1', { since: '1.1', mayWait: true }, new Guest());
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    for (const guest of guests) guest.leave();
    await Promise.all(waiting);
    expect([readers.count, time.waiting]).toEqual([0, 0]);
  }, 180_000);

  it('get the same body, made once', async () => {
    const { time, readers, goal } = setUp();
    goal(1);
    const waiting = [1, 2, 3].map(() => readers.ofMatch('m1', { since: '1.1', mayWait: true }, new Guest()));
    await time.advance(0);
    goal(2);
    await time.advance(0);
    const bodies = new Set((await Promise.all(waiting)).map(({ body }) => body));
    expect(bodies.size).toBe(1);
  });

  it('of the list hear of every change, at most twice a second, even when a timer is early', async () => {
    const { time, readers, goal } = setUp({ isHasty: true });
    goal(1);
    const first = await readers.ofList({ since: undefined, mayWait: true }, new Guest());
    let answered = false;
    const waiting = readers.ofList({ since: first.headers['live-next'], mayWait: true }, new Guest()).then((answer) => {
      answered = true;
      return answer;
    });
    await time.advance(10);
    goal(2);
    goal(3);
    await time.advance(480);
    expect(answered).toBe(false);
    await time.advance(30);
    expect(String((await waiting).body)).toContain('"position":"1.3"');
  });

  it('of the list hear of what happened after it was made and before they waited', async () => {
    const { time, readers, goal } = setUp();
    goal(1);
    const first = await readers.ofList({ since: undefined, mayWait: true }, new Guest());
    goal(2);
    const waiting = readers.ofList({ since: first.headers['live-next'], mayWait: true }, new Guest());
    await time.advance(600);
    expect(String((await waiting).body)).toContain('"position":"1.2"');
  });

  it('who are ahead make one look into the journal a second, and wait a second at most', async () => {
    const { time, readers, goal, asked } = setUp();
    goal(1);
    const ask = () => readers.ofMatch('m1', { since: '1.9', mayWait: true }, new Guest());
    const waiting = [ask(), ask(), ask()];
    await time.advance(99);
    expect(asked).toEqual([]);
    await time.advance(500);
    expect(asked).toEqual(['m1']);
    waiting.push(ask());
    await time.advance(200);
    expect(asked).toEqual(['m1']);
    await time.advance(2_000);
    expect((await Promise.all(waiting)).map(positionOf)).toEqual(['1.1', '1.1', '1.1', '1.1']);
  });

  it('who are ahead are answered by what comes in, or wait with it', async () => {
    const { time, readers, goal, asked } = setUp();
    goal(1);
    const waiting = [2, 3].map((version) =>
      readers.ofMatch('m1', { since: `1.${version}`, mayWait: true }, new Guest()),
    );
    await time.advance(20);
    goal(2);
    goal(3);
    await time.advance(20);
    expect(positionOf((await waiting[0]) as LiveAnswer)).toBe('1.3');
    expect(readers.count).toBe(1);
    goal(4);
    await time.advance(20);
    expect(positionOf((await waiting[1]) as LiveAnswer)).toBe('1.4');
    expect(asked).toEqual([]);
  });

  it('all end their turn together and name the same next one', async () => {
    const { time, readers, goal } = setUp();
    goal(1);
    const first = await readers.ofMatch('m1', { since: undefined, mayWait: true }, new Guest());
    const waiting: Promise<LiveAnswer>[] = [];
    for (const since of [first.headers['live-next'], '1.1', first.headers['live-next']]) {
      waiting.push(readers.ofMatch('m1', { since, mayWait: true }, new Guest()));
      await time.advance(100);
    }
    await time.advance(20_000);
    const answers = await Promise.all(waiting);
    expect(new Set(answers.map(({ headers }) => headers['live-next'])).size).toBe(1);
    expect(answers[0]?.headers['live-next']).not.toBe(first.headers['live-next']);
  });

  it('may be kept by a cache for a second, and longer where they ask again at once and are led on', async () => {
    const { readers, goal, time } = setUp();
    goal(1);
    goal(2);
    const kept = async (since: string | undefined): Promise<string | undefined> => {
      const answer = readers.ofMatch('m1', { since, mayWait: true }, new Guest());
      await time.advance(1_000);
      return (await answer).headers['cache-control'];
    };
    expect(await kept(undefined)).toBe('public, max-age=1');
    expect(await kept('1.1')).toBe('public, max-age=1');
    expect(await kept('1.1~0')).toBe('public, max-age=5');
    expect(await kept('1.2~0')).toBe('public, max-age=5');
    expect(await kept('1.9~0')).toBe('public, max-age=1');
  });

  it('are all answered at the shutdown, and nobody after it', async () => {
    const { time, readers, goal } = setUp();
    goal(1);
    const list = await readers.ofList({ since: undefined, mayWait: true }, new Guest());
    const waiting = [
      readers.ofMatch('m1', { since: '1.1', mayWait: true }, new Guest()),
      readers.ofMatch('m1', { since: '1.7', mayWait: true }, new Guest()),
      readers.ofList({ since: list.headers['live-next'], mayWait: true }, new Guest()),
    ];
    await time.advance(1);
    readers.beforeApplicationShutdown();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await readers.ofMatch('m1', { since: undefined, mayWait: true }, new Guest())).status).toBe(503);
    expect(readers.count).toBe(0);
  });
});
