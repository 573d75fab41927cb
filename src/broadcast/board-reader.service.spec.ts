import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { boardRow, LiveWorld } from '../../test/support/live-world.js';
import { toldGoal } from '../../test/support/told.js';
import { FakeClock } from '../testing/fake-clock.js';
import { InMemoryBoardStore } from '../testing/index.js';
import type { News } from './board/news.js';
import { BoardReader } from './board-reader.service.js';
import { resolveBroadcastOptions } from './broadcast.options.js';

let world: LiveWorld;
let store: InMemoryBoardStore;
let underWay = 0;
let most = 0;
let isAway = false;
let answered: Promise<void> = Promise.resolve();

beforeEach(() => {
  Logger.overrideLogger(false);
  store = new InMemoryBoardStore(new FakeClock());
  world = new LiveWorld({}, { store });
  [underWay, most, isAway, answered] = [0, 0, false, Promise.resolve()];
  store.answer = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await answered;
    underWay -= 1;
    if (isAway) throw new Error('away');
  };
});
afterEach(() => {
  world.reader.onApplicationShutdown();
  Logger.overrideLogger(undefined as never);
});

/** How a promise ended, in as much virtual time as it gets. */
async function outcome<T>(promise: Promise<T>, withinMs: number): Promise<T | 'waiting'> {
  let value: T | 'waiting' = 'waiting';
  void promise.then((result) => {
    value = result;
  });
  await world.time.advance(withinMs);
  return value;
}

const loads = () => store.asked.filter((one) => one === 'load').length;
const ids = (count: number) => Array.from({ length: count }, (_, n) => `m${n}`);

describe('the current matches', () => {
  it('are on the board after the bootstrap', async () => {
    store.put(boardRow('m1', 4), boardRow('m2', 7));
    world.reader.onApplicationBootstrap();
    expect(await outcome(world.reader.ready(1_000), 10)).toBe(true);
    expect([...world.board.current()].map(({ positionText }) => positionText).sort()).toEqual(['1.4', '1.7']);
  });

  it('are read as soon as the database is there', async () => {
    store.put(boardRow('m1', 4));
    isAway = true;
    world.reader.onApplicationBootstrap();
    expect(await outcome(world.reader.ready(1_000), 1_000)).toBe(false);
    isAway = false;
    expect(await outcome(world.reader.ready(10_000), 10_000)).toBe(true);
    expect(world.board.get('m1')?.positionText).toBe('1.4');
  });

  it('are not taken after the stop, and nobody waits for them', async () => {
    store.put(boardRow('m1', 4));
    let answer = () => {};
    answered = new Promise((resolve) => {
      answer = resolve;
    });
    world.reader.onApplicationBootstrap();
    await world.time.advance(10);
    world.reader.onApplicationShutdown();
    answer();
    await world.time.advance(100);
    await world.reader.loaded;
    expect([world.board.get('m1'), world.time.waiting]).toEqual([undefined, 0]);
  });
});

describe('while every match goes the legacy way', () => {
  it('nothing is read, until one goes the direct way', async () => {
    store.put(boardRow('m1', 4));
    const router = { active: false };
    const { board, feed, scheduler, clock } = world;
    const reader = new BoardReader(board, feed, resolveBroadcastOptions(), scheduler, clock, store, router);
    reader.onApplicationBootstrap();
    expect(await outcome(reader.ready(1_000), 10)).toBe(true);
    expect(await outcome(reader.want(['m1'], 1_000), 3_000)).toBe(true);
    expect(store.asked).toEqual([]);
    router.active = true;
    await world.time.advance(1_500);
    expect(board.get('m1')?.positionText).toBe('1.4');
    reader.onApplicationShutdown();
  });
});

describe('matches that clients ask for', () => {
  beforeEach(async () => {
    world.reader.onApplicationBootstrap();
    await world.time.advance(10);
  });

  it('are read together, however many ask', async () => {
    store.put(boardRow('m1', 4), boardRow('m2', 7));
    const asking = Array.from({ length: 1_000 }, (_, n) => world.reader.want([n % 2 ? 'm1' : 'm2', 'm1'], 1_000));
    expect(await outcome(Promise.all(asking), 50)).toEqual(Array(1_000).fill(true));
    expect(loads()).toBe(1);
  });

  it('are asked for once, though more clients come while they are read', async () => {
    store.put(boardRow('m1', 4));
    let answer = () => {};
    answered = new Promise((resolve) => {
      answer = resolve;
    });
    const asking = [world.reader.want(['m1'], 1_000)];
    await world.time.advance(20);
    asking.push(world.reader.want(['m1'], 1_000));
    answer();
    expect(await outcome(Promise.all(asking), 100)).toEqual([true, true]);
    expect(loads()).toBe(1);
  });

  it('are read in one statement after the other, 500 in each', async () => {
    store.put(...ids(5_000).map((id) => boardRow(id, 1)));
    expect(await outcome(world.reader.want(ids(5_000), 3_000), 3_000)).toBe(true);
    expect([loads(), most]).toEqual([10, 1]);
  });

  it('are refused when too many wait already', async () => {
    const others = ids(11).map((id) => `x${id}`);
    const [many, more] = [world.reader.want(ids(20_000), 3_000), world.reader.want(others, 3_000)];
    expect(await outcome(more, 3_000)).toBe(false);
    expect(await outcome(many, 3_000)).toBe(true);
    expect(loads()).toBe(40);
  });

  it('are answered before the long lists of others where they are few', async () => {
    const answers: string[] = [];
    const [many, few] = [world.reader.want(ids(20_000), 3_000), world.reader.want(['x'], 3_000)];
    void many.then(() => answers.push('many'));
    void few.then(() => answers.push(`few after ${loads()}`));
    await world.time.advance(3_000);
    expect(answers).toEqual(['few after 1', 'many']);
  });

  it('and do not exist are not asked for again for a while', async () => {
    for (let n = 0; n < 5; n++) expect(await outcome(world.reader.want(['nobody'], 1_000), 200)).toBe(true);
    expect(loads()).toBe(1);
    store.put(boardRow('nobody', 3));
    await world.time.advance(5_000);
    expect(await outcome(world.reader.want(['nobody'], 1_000), 200)).toBe(true);
    expect(world.board.get('nobody')?.positionText).toBe('1.3');
  });

  it('are asked for again when a statement fails', async () => {
    store.put(boardRow('m1', 4));
    isAway = true;
    const asking = world.reader.want(['m1'], 3_000);
    expect(await outcome(asking, 500)).toBe('waiting');
    isAway = false;
    expect(await outcome(asking, 1_000)).toBe(true);
  });

  it('are given up when the time is over, and those after a statement that hangs are read', async () => {
    store.put(boardRow('m1', 4), boardRow('m2', 7));
    answered = new Promise(() => {});
    const asking = world.reader.want(['m1'], 1_000);
    await world.time.advance(20);
    answered = Promise.resolve();
    const next = world.reader.want(['m2'], 5_000);
    expect(await outcome(asking, 1_000)).toBe(false);
    expect(await outcome(next, 4_000)).toBe(true);
  });

  it('are given up at the stop', async () => {
    answered = new Promise(() => {});
    const asking = world.reader.want(['m1'], 60_000);
    await world.time.advance(20);
    world.reader.onApplicationShutdown();
    expect(await outcome(asking, 3_100)).toBe(false);
    expect(world.time.waiting).toBe(0);
  });
});

describe('what stands beside the versions', () => {
  let news: News[];
  beforeEach(async () => {
    store.put(boardRow('m1', 4));
    world.reader.onApplicationBootstrap();
    await world.time.advance(10);
    news = [];
    world.feed.news$.subscribe((some) => news.push(...some));
  });

  const withCard = () => {
    const card = { key: 'k', cardType: 'RED', time: 9, team: 'home', playerId: null, playerName: null } as const;
    store.put(boardRow('m1', 4, { details: { cards: [card], substitutions: [], predictions: [] } }));
    return card;
  };

  it('is read again once in 100 ms, however often it changes, and told when it is another', async () => {
    const card = withCard();
    for (let n = 0; n < 50; n++) {
      world.feed.deliver([{ matchId: 'm1', frames: [], details: true }], 'bus');
      await world.time.advance(10);
    }
    await world.time.advance(200);
    expect(loads()).toBeLessThanOrEqual(7);
    expect(news.map(({ details, first }) => [details, first])).toEqual([[{ cards: [card] }, undefined]]);
  });

  it('is read again when a statement failed', async () => {
    withCard();
    isAway = true;
    world.feed.deliver([{ matchId: 'm1', frames: [], details: true }], 'bus');
    await world.time.advance(1_000);
    expect(news).toEqual([]);
    isAway = false;
    await world.time.advance(1_000);
    expect(news).toHaveLength(1);
  });

  it('is read of a match that becomes known by what is told', async () => {
    store.put(boardRow('new', 1));
    world.feed.deliver([toldGoal({ matchId: 'new', version: 1 })], 'bus');
    await world.time.advance(200);
    expect(news.map(({ version, first }) => [version !== undefined, first])).toEqual([
      [true, undefined],
      [false, true],
    ]);
    expect(world.board.get('new')?.competitionId).toBe('c-new');
  });
});
