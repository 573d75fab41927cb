import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import type { DeadLetter } from '../contracts/dead-letter-sink.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { InMemoryDeadLetterStore } from '../testing/in-memory-dead-letter-store.js';
import { DeadLetterKeeper } from './dead-letter-keeper.js';
import { type DeadLettersOptions, resolveDeadLettersOptions } from './dead-letters.options.js';

const AT_MS = 1_700_000_000_000;

const letter = (topic: string, changes: Partial<DeadLetter> = {}): DeadLetter => ({
  reason: 'malformed',
  detail: 'message:not-json',
  matchId: null,
  topic,
  payload: Buffer.from(topic),
  receivedAtMs: AT_MS,
  ...changes,
});

const parked = (matchId: string, changes: Partial<DeadLetter> = {}): DeadLetter =>
  letter(`about ${matchId}`, { reason: 'unknown-match', detail: null, matchId, ...changes });

describe('DeadLetterKeeper', () => {
  let time: VirtualTime;
  let store: InMemoryDeadLetterStore;
  let metrics: LiveScoreMetrics;
  let keeper: DeadLetterKeeper;
  let buried: string[];

  const start = (options: DeadLettersOptions = {}) => {
    time = new VirtualTime();
    store = new InMemoryDeadLetterStore();
    metrics = new LiveScoreMetrics();
    buried = [];
    keeper = new DeadLetterKeeper(
      store,
      new VirtualClock(time),
      new VirtualScheduler(time),
      metrics,
      resolveDeadLettersOptions(options),
    );
  };
  const bury = (it: DeadLetter) => keeper.bury(it, () => buried.push(it.topic));
  const settle = (ms = 0) => time.advance(ms);
  const topics = () => store.letters.map(({ topic }) => topic);
  const counted = async (metric: keyof LiveScoreMetrics) => {
    const counter = metrics[metric] as LiveScoreMetrics['deadLetters'];
    const values = (await counter.get()).values.filter(({ value }) => value > 0);
    return Object.fromEntries(values.map(({ labels, value }) => [labels.reason, value]));
  };

  beforeEach(() => {
    Logger.overrideLogger(false);
    start();
  });
  afterEach(async () => {
    await keeper.onApplicationShutdown();
    expect(time.waiting).toBe(0);
    Logger.overrideLogger(true);
  });

  it('stores a letter at once, and tells its sender after the commit', async () => {
    bury(letter('a'));
    expect(buried).toEqual([]);
    await settle();
    expect([topics(), buried]).toEqual([['a'], ['a']]);
    expect(await counted('deadLetters')).toEqual({ malformed: 1 });
  });

  it('collects letters while a statement is under way', async () => {
    const release = store.hold();
    bury(letter('a'));
    await settle();
    for (const topic of ['b', 'c', 'd']) bury(letter(topic));
    release();
    await settle();
    expect([topics(), buried]).toEqual([
      ['a', 'b', 'c', 'd'],
      ['a', 'b', 'c', 'd'],
    ]);
    // two inserts, and a look at the bounds of each reason
    expect(store.statements).toBe(5);
  });

  it('keeps letters through an outage, and their senders waiting', async () => {
    store.fail({ code: '57P01', times: 1_000 });
    bury(letter('a'));
    await settle(60_000);
    bury(letter('b'));
    expect(buried).toEqual([]);
    store.heal();
    await settle(1_000);
    expect([topics(), buried]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('tells of an outage without what an attacker could use', () => {
    const warned: unknown[][] = [];
    const ignore = () => undefined;
    Logger.overrideLogger({ log: ignore, error: ignore, warn: (...line: unknown[]) => warned.push(line) });
    keeper.outageBegan(new Error('connect ECONNREFUSED db.goalgpt.tr:5432 password=hunter2'));
    expect(warned).toEqual([
      [
        'Dead letters cannot be stored, trying again',
        expect.objectContaining({ waiting: 0, error: expect.stringContaining('connect ECONNREFUSED [host]') }),
        DeadLetterKeeper.name,
      ],
    ]);
    expect(inspect(warned)).not.toMatch(/goalgpt|hunter2/);
  });

  it('gives up the oldest letters that nobody waits for when a thousand wait, and counts them', async () => {
    store.fail({ code: null, times: 1_000 });
    bury(letter('waited for'));
    await settle();
    for (let n = 0; n < 1_010; n++) keeper.bury(letter(`n${n}`));
    bury(letter('waited for too'));
    store.heal();
    await settle(2_000);
    expect(buried).toEqual(['waited for', 'waited for too']);
    expect(await counted('deadLettersDropped')).toEqual({ malformed: 10 });
    expect(topics()).toHaveLength(1_002);
    expect(topics()).not.toContain('n9');
  });

  it('gives up the oldest letters that nobody waits for when 16 MB wait', async () => {
    store.fail({ code: null, times: 1_000 });
    for (let n = 0; n < 20; n++) keeper.bury(letter(`n${n}`, { payload: Buffer.alloc(2 ** 20) }));
    await settle();
    store.heal();
    await settle(2_000);
    expect(topics()).toEqual(Array.from({ length: 16 }, (_, n) => `n${n + 4}`));
  });

  it('never gives up letters whose senders wait', async () => {
    store.fail({ code: null, times: 1_000 });
    for (let n = 0; n < 3_000; n++) bury(letter(`n${n}`));
    store.heal();
    await settle(2_000);
    expect(buried).toHaveLength(3_000);
    expect(await counted('deadLettersDropped')).toEqual({});
  });

  it('finds the letter that the database refuses, and stores the others', async () => {
    store.refuse('bad');
    for (const topic of ['a', 'b', 'bad', 'c', 'd']) bury(letter(topic));
    await settle();
    expect(topics()).toEqual(['a', 'b', 'c', 'd']);
    expect(buried.sort()).toEqual(['a', 'b', 'bad', 'c', 'd']);
    expect(await counted('deadLettersDropped')).toEqual({ malformed: 1 });
  });

  it('keeps one parked update per match in memory, the newest, and tells every sender', async () => {
    store.fail({ code: null, times: 2 });
    bury(parked('m1', { topic: '1' }));
    await settle();
    bury(parked('m1', { topic: '3', receivedAtMs: AT_MS + 2 }));
    bury(parked('m1', { topic: '2', receivedAtMs: AT_MS + 1 }));
    expect(buried).toEqual([]);
    await settle(2_000);
    expect([topics(), buried.sort()]).toEqual([['3'], ['1', '2', '3']]);
  });

  it('keeps in memory the newest of each detail of a match, and stores its newest last', async () => {
    const release = store.hold();
    bury(letter('first'));
    await settle();
    const at = (topic: string, detail: string, ms: number) =>
      bury(parked('m1', { topic, detail, receivedAtMs: AT_MS + ms }));
    at('2 replaced', 'status 2', 1);
    at('3', 'status 3', 2);
    at('2 again', 'status 2', 3);
    at('2 too late', 'status 2', 2);
    bury(letter('between'));
    at('4', 'status 4', 4);
    release();
    await settle(2_000);
    expect(topics()).toEqual(['first', '3', '2 again', 'between', '4']);
    expect([...buried].sort()).toEqual(['2 again', '2 replaced', '2 too late', '3', '4', 'between', 'first']);
    keeper.resolve('m1');
    await settle();
    expect(topics()).toEqual(['first', 'between']);
  });

  it('discards with a letter what was parked of its match before it', async () => {
    for (const status of [2, 3, 4])
      bury(parked('m1', { detail: `status ${status}`, topic: `${status}`, receivedAtMs: AT_MS + status }));
    await settle();
    for (const done of store.letters.filter(({ topic }) => topic === '3')) keeper.discard(done, true);
    await settle();
    expect(topics()).toEqual(['4']);
  });

  it.each([
    ['what was taken', true, ['4']],
    ['what was refused', false, ['2', '4']],
  ])('keeps, with %s, what else was received in the same millisecond', async (_what, isTaken, kept) => {
    for (const [status, atMs] of [
      [2, 0],
      [3, 1],
      [4, 1],
    ] as const)
      bury(parked('m1', { detail: `status ${status}`, topic: `${status}`, receivedAtMs: AT_MS + atMs }));
    await settle();
    for (const done of store.letters.filter(({ topic }) => topic === '3')) keeper.discard(done, isTaken);
    await settle();
    expect(topics()).toEqual(kept);
  });

  it('keeps the later one of two that were received in the same millisecond', async () => {
    const release = store.hold();
    bury(letter('first'));
    bury(parked('m1', { topic: 'earlier' }));
    bury(parked('m1', { topic: 'later' }));
    release();
    await settle(2_000);
    expect(topics()).toEqual(['first', 'later']);
  });

  it('does not let a statement that is tried again bring an older parked update back', async () => {
    const release = store.hold();
    store.fail({ code: null });
    bury(parked('m1', { topic: 'older' }));
    await settle();
    bury(letter('between'));
    bury(parked('m1', { topic: 'newer', receivedAtMs: AT_MS + 1 }));
    release();
    await settle(2_000);
    expect([topics(), buried]).toEqual([
      ['between', 'newer'],
      ['between', 'newer', 'older'],
    ]);
  });

  it('resolves a match, wherever its letter is', async () => {
    bury(parked('stored'));
    bury(parked('other'));
    await settle();
    const release = store.hold();
    store.fail({ code: null });
    bury(parked('under way'));
    await settle();
    bury(parked('waiting'));
    for (const matchId of ['stored', 'under way', 'waiting']) keeper.resolve(matchId);
    release();
    await settle(2_000);
    expect(topics()).toEqual(['about other']);
    expect(buried).toHaveLength(4);
  });

  it('keeps what is parked after the match was resolved', async () => {
    bury(parked('m1'));
    await settle();
    keeper.resolve('m1');
    bury(parked('m1', { topic: 'again', receivedAtMs: AT_MS + 60_000 }));
    await settle();
    expect(topics()).toEqual(['again']);
  });

  it('resolves again after an outage', async () => {
    bury(parked('m1'));
    await settle();
    store.fail({ code: '57P01', times: 5 });
    keeper.resolve('m1');
    await settle(10_000);
    expect(topics()).toEqual([]);
  });

  it('discards a letter unless a newer one took its place', async () => {
    bury(parked('m1'));
    bury(parked('m2'));
    await settle();
    const stored = store.letters;
    bury(parked('m2', { receivedAtMs: AT_MS + 1, topic: 'newer' }));
    await settle();
    for (const one of stored) keeper.discard(one, true);
    await settle();
    expect(topics()).toEqual(['newer']);
  });

  it('keeps within the bounds of a reason, and counts what gave way', async () => {
    start({ maxRowsPerReason: 10 });
    for (let n = 0; n < 25; n++) {
      bury(letter(`n${n}`, { receivedAtMs: AT_MS + n }));
      await settle();
    }
    bury(parked('m1'));
    await settle();
    expect(topics()).toEqual([...Array.from({ length: 10 }, (_, n) => `n${n + 15}`), 'about m1']);
    expect(await counted('deadLettersEvicted')).toEqual({ malformed: 15 });
  });

  it('keeps within the bounds of bytes', async () => {
    start({ maxBytesPerReason: 2 ** 20 });
    for (let n = 0; n < 5; n++) bury(letter(`n${n}`, { payload: Buffer.alloc(300_000), receivedAtMs: AT_MS + n }));
    await settle();
    expect(topics()).toEqual(['n2', 'n3', 'n4']);
  });

  it('looks at the bounds at the start, and not at every letter', async () => {
    await store.insert(Array.from({ length: 20 }, (_, n) => letter(`n${n}`, { receivedAtMs: AT_MS + n })));
    const smaller = resolveDeadLettersOptions({ maxRowsPerReason: 15 });
    keeper = new DeadLetterKeeper(store, new VirtualClock(time), new VirtualScheduler(time), metrics, smaller);
    keeper.onApplicationBootstrap();
    await settle();
    expect(topics()).toHaveLength(15);
    const before = store.statements;
    bury(parked('m1'));
    await settle();
    expect(store.statements).toBe(before + 1);
  });

  it('keeps the first megabyte of a larger payload and says so', async () => {
    bury(letter('large', { payload: Buffer.alloc(2 ** 20 + 5) }));
    await settle();
    expect(store.letters[0]?.payload).toHaveLength(2 ** 20);
    expect(store.letters[0]?.detail).toBe('message:not-json; first 1048576 of 1048581 bytes');
  });

  it('keeps of a message about many matches what is about its own', async () => {
    const item = (id: string) => [id, 2, [1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], 1_768_662_000];
    const matchIds = Array.from({ length: 500 }, (_, n) => `unknown-${n}`);
    const payload = Buffer.from(JSON.stringify(matchIds.map(item)));
    for (const matchId of matchIds) bury(letter('many', { payload, matchId, reason: 'unknown-match' }));
    bury(letter('many', { payload, matchId: null }));
    for (let turn = 0; store.letters.length < 501 && turn < 100; turn++) await settle();
    const bytes = store.letters.reduce((sum, one) => sum + one.payload.length, 0);
    expect(bytes).toBeLessThan(2.2 * payload.length);
    const about = store.letters.find(({ matchId }) => matchId === 'unknown-499');
    expect(JSON.parse(Buffer.from(about?.payload ?? []).toString())).toEqual([item('unknown-499')]);
    expect(store.letters.find(({ matchId }) => matchId === null)?.payload).toHaveLength(payload.length);
  });

  it('keeps its own copy of the payload, and texts that the database takes', async () => {
    const payload = Buffer.from('abc');
    bury(letter('a\0b', { payload, matchId: 'x'.repeat(300) }));
    payload.fill(0);
    await settle();
    expect(store.letters[0]).toMatchObject({ topic: 'ab', matchId: null });
    expect(Buffer.from(store.letters[0]?.payload ?? []).toString()).toBe('abc');
  });

  it('at shutdown stores what waits, even when it was pausing', async () => {
    store.fail({ code: null, times: 3 });
    bury(letter('a'));
    await settle();
    store.heal();
    await keeper.beforeApplicationShutdown();
    expect([topics(), buried]).toEqual([['a'], ['a']]);
    await settle(2_000);
  });

  it('at shutdown gives up after 4 s, and leaves senders untold', async () => {
    store.fail({ code: null, times: 1_000 });
    bury(letter('a'));
    await settle();
    const stopped = keeper.beforeApplicationShutdown();
    await settle(4_000);
    await stopped;
    await keeper.onApplicationShutdown();
    expect(buried).toEqual([]);
  });

  it('at shutdown does not wait for the database to forget letters', async () => {
    store.fail({ code: null, times: 1_000 });
    keeper.resolve('m1');
    await settle();
    await keeper.beforeApplicationShutdown();
  });

  it('stores what is buried while others shut down', async () => {
    await keeper.beforeApplicationShutdown();
    bury(letter('late'));
    await keeper.onApplicationShutdown();
    expect(topics()).toEqual(['late']);
  });
});
