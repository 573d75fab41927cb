import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { createClient } from 'redis';
import { RedisBroadcastBus } from '../../src/broadcast/adapters/redis/redis-broadcast-bus.js';
import { MissingRedisPackageError } from '../../src/broadcast/adapters/redis/redis-bus.errors.js';
import { loadRedis } from '../../src/broadcast/adapters/redis/redis-client.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { type Cancel, SystemScheduler } from '../../src/kernel/scheduler.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { RedisServer, redisIsInstalled } from '../support/redis-server.js';
import { TcpGate } from '../support/tcp-gate.js';
import { toldGoal } from '../support/told.js';
import { BadNetwork } from './bad-network.js';
import { RedisBusUnderTest } from './redis-bus-under-test.js';

guardAgainstLeaks();

let lines: string[];
let buses: RedisBusUnderTest[];

beforeEach(() => {
  lines = [];
  buses = [];
  const keep = (...parts: unknown[]) => void lines.push(JSON.stringify(parts));
  Logger.overrideLogger({ log: keep, warn: keep, error: keep });
});
afterEach(async () => {
  await Promise.all(buses.map(({ bus }) => bus.close()));
  Logger.overrideLogger(['log']);
});

/** Time that goes slower: what may take a second of it may take longer on a busy machine. */
class SlowTime extends SystemScheduler {
  constructor(private readonly timesSlower: number) {
    super();
  }

  override after(delayMs: number, action: () => void): Cancel {
    return super.after(delayMs * this.timesSlower, action);
  }

  override every(periodMs: number, action: () => void): Cancel {
    return super.every(periodMs * this.timesSlower, action);
  }

  override monotonicMs(): number {
    return super.monotonicMs() / this.timesSlower;
  }
}

function open(url: string, channel = 'goals', scheduler = new SystemScheduler()): RedisBusUnderTest {
  const bus = new RedisBusUnderTest({ url, channel }, { scheduler });
  buses.push(bus);
  return bus;
}

async function openConnected(url: string, channel?: string): Promise<RedisBusUnderTest> {
  const bus = open(url, channel);
  await bus.startConnected();
  return bus;
}

const untilAway = ({ bus }: RedisBusUnderTest) => eventually(() => !bus.isConnected, { what: 'the bus to notice' });

describe('without the package', () => {
  it('the start fails with an error that names it', async () => {
    const absent = 'redis-that-nobody-installed';
    const bus = new RedisBroadcastBus(
      { url: 'redis://127.0.0.1:1', channel: 'goals' },
      {
        scheduler: new SystemScheduler(),
        metrics: new LiveScoreMetrics(),
        load: () => loadRedis(() => import(absent)),
      },
    );
    const error = await bus.onModuleInit().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MissingRedisPackageError);
    expect(error).toMatchObject({ code: 'LIVESCORE_MISSING_PACKAGE', details: { package: 'redis' } });
    expect((error as Error).message).toContain('npm install redis');
    bus.publish([toldGoal({ version: 1 })]);
    await bus.close();
  });
});

describe('a Redis that is away', () => {
  it('is told with its host in its own field', async () => {
    await open('redis://bob:hunter2@127.0.0.1:1').start();
    await eventually(() => lines.some((line) => line.includes('Redis is away')), { what: 'the warning' });
    const [facts] = lines.filter((line) => line.includes('Redis is away')).map((line) => JSON.parse(line)[1]);
    expect(facts).toEqual({ host: 'redis://127.0.0.1:1', reason: 'ECONNREFUSED', suppressed: 0 });
  });
});

const onRealRedis = redisIsInstalled ? describe : describe.skip;

onRealRedis('a Redis of its own (needs redis-server)', () => {
  let server: RedisServer;
  let gate: TcpGate;
  let network: BadNetwork;

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  beforeEach(async () => {
    gate = new TcpGate(new URL(server.url));
    await gate.open();
    network = new BadNetwork(new URL(server.url));
  });
  afterEach(async () => {
    // buses first: a connection that is open makes the gate wait
    await Promise.all(buses.map(({ bus }) => bus.close()));
    await gate.shut();
    await network.shut();
  });
  afterAll(() => server.kill());

  it('that is killed and comes back carries on, and the loss is counted', async () => {
    const [a, b] = [await openConnected(server.url), await openConnected(server.url)];
    const connected = lines.filter((line) => line.includes('Connected to Redis')).map((line) => JSON.parse(line)[1]);
    expect(connected[0]).toEqual({ host: expect.stringMatching(/^redis:\/\/[\d.]+:\d+$/), channel: 'goals' });
    await server.kill();
    await Promise.all([untilAway(a), untilAway(b)]);
    a.bus.publish([toldGoal({ version: 1 })]);
    await server.run();
    await Promise.all([a.untilConnected(2), b.untilConnected(2)]);
    a.bus.publish([toldGoal({ version: 2 })]);
    await eventually(() => b.versions.length > 0, { what: 'the next version' });
    expect(b.versions).toEqual([2]);
    expect(await a.count('out', 'dropped')).toBe(1);
    expect((await a.metrics.busConnected.get()).values[0]?.value).toBe(1);
  });

  it('that stops without closing is noticed, also by a connection that is written to, and used when it goes on', async () => {
    const [idle, writing] = [await openConnected(server.url), await openConnected(server.url)];
    server.pause();
    let version = 0;
    const timer = setInterval(() => writing.bus.publish([toldGoal({ version: ++version })]), 50);
    try {
      await Promise.all([untilAway(idle), untilAway(writing)]);
    } finally {
      clearInterval(timer);
      server.resume();
    }
    await Promise.all([idle.untilConnected(2), writing.untilConnected(2)]);
    writing.bus.publish([toldGoal({ version: 9_999 })]);
    await eventually(() => idle.versions.includes(9_999), { what: 'the next version' });
    expect(await writing.count('out', 'failed')).toBeGreaterThan(0);
  });

  it('that does not answer gets no more than a bounded number of messages', async () => {
    const a = await openConnected(server.url);
    server.pause();
    try {
      for (let version = 1; version <= 1_500; version++) a.bus.publish([toldGoal({ version })]);
      expect(await a.count('out', 'dropped')).toBe(500);
      await untilAway(a);
      await eventually(async () => (await a.count('out', 'failed')) === 1_000, { what: 'the others to fail' });
    } finally {
      server.resume();
    }
    await a.untilConnected(2);
  });

  it('that is far away gets everything in order, and nobody waits for it', async () => {
    network.delayMs = 150;
    const [a, b] = [await openConnected(await network.open()), await openConnected(server.url)];
    for (let version = 1; version <= 200; version++) a.bus.publish([toldGoal({ version })]);
    await eventually(() => b.versions.length === 200, { what: 'all versions' });
    expect(b.versions).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    await eventually(async () => (await a.count('out', 'sent')) === 200, { what: 'all answers' });
    expect([a.bus.isConnected, a.connections]).toEqual([true, 1]);
  });

  it('behind a network that fails is noticed, and found again', async () => {
    const [cut, whole] = [await openConnected(await network.open()), await openConnected(server.url)];
    network.isCut = true;
    await untilAway(cut);
    whole.bus.publish([toldGoal({ version: 1 })]);
    await eventually(() => lines.some((line) => line.includes('Redis does not answer')), { what: 'a warning' });
    network.isCut = false;
    await cut.untilConnected(2);
    whole.bus.publish([toldGoal({ version: 2 })]);
    await eventually(() => cut.versions.length > 0, { what: 'the next version' });
    expect(cut.versions).toEqual([2]);
  });

  it('whose connections fall silent one day is asked over new ones', async () => {
    const cut = await openConnected(gate.url);
    gate.losePresent();
    await untilAway(cut);
    await cut.untilConnected(2);
  });

  it('that is away at the start holds nobody up', async () => {
    await gate.shut();
    const late = open(gate.url);
    await late.start();
    // nothing came of the attempt yet
    expect(lines.filter((line) => line.includes('Redis is away'))).toEqual([]);
    await eventually(() => lines.some((line) => line.includes('ECONNREFUSED')), { what: 'a warning' });
    await gate.open();
    await late.untilConnected(1);
    expect(late.connections).toBe(1);
  });

  it('that takes connections and says nothing is given up again and again, and the end comes in time', async () => {
    gate.loseAll();
    const late = open(gate.url);
    await late.start();
    await eventually(() => lines.some((line) => line.includes('No connection within 2000 ms')), { what: 'a warning' });
    await late.bus.close();
    expect(late.connections).toBe(0);
  });

  it('where strangers write on the channel is heard nevertheless', async () => {
    const [a, b] = [await openConnected(server.url), await openConnected(server.url)];
    const stranger = createClient({ url: server.url });
    await stranger.connect();
    const told = toldGoal({ version: 1 });
    const { version } = told;
    const strange: readonly [result: string, messages: readonly string[]][] = [
      ['newer', [JSON.stringify({ v: 2, from: 'x', told: 'in other words' })]],
      ['oversized', ['x'.repeat(1_048_577)]],
      [
        'malformed',
        [
          '',
          '{',
          'null',
          '[]',
          JSON.stringify({ told: [told] }),
          JSON.stringify({ v: 1, from: 'x', told: [told, {}] }),
          JSON.stringify({
            v: 1,
            from: 'x',
            told: [{ ...told, version: { ...version, position: { epoch: 2, version: 1 } } }],
          }),
        ],
      ],
    ];
    for (const message of strange.flatMap(([, messages]) => messages)) await stranger.publish('goals', message);
    stranger.destroy();
    a.bus.publish([toldGoal({ version: 2 })]);
    await eventually(() => b.versions.length > 0, { what: 'the version of an instance' });
    expect(b.versions).toEqual([2]);
    for (const [result, messages] of strange)
      expect([result, await b.count('in', result)]).toEqual([result, messages.length]);
    await eventually(async () => (await a.count('in', 'own')) === 1, { what: 'its own message' });
    expect(a.heard).toEqual([]);
  });

  it('gets what was published last before the end', async () => {
    const a = open(server.url, 'goals', new SlowTime(10));
    await a.startConnected();
    const b = await openConnected(server.url);
    for (let version = 1; version <= 500; version++) a.bus.publish([toldGoal({ version })]);
    await a.bus.close();
    await eventually(() => b.versions.length === 500, { what: 'all versions' });
    expect(await a.count('out', 'sent')).toBe(500);
  });

  it('that stands still at the end is left in time', async () => {
    const a = await openConnected(server.url);
    server.pause();
    try {
      a.bus.publish([toldGoal({ version: 1 })]);
      await a.bus.close();
      expect(await a.count('out', 'sent')).toBe(0);
    } finally {
      server.resume();
    }
  });

  it('is not heard on other channels', async () => {
    const [a, b] = [await openConnected(server.url, 'one'), await openConnected(server.url, 'two')];
    const c = await openConnected(server.url, 'one');
    a.bus.publish([toldGoal({ version: 1 })]);
    await eventually(() => c.versions.length === 1, { what: 'the version on its channel' });
    expect(b.heard).toEqual([]);
  });
});

onRealRedis('a Redis with a password (needs redis-server)', () => {
  const RIGHT = 'right/p@ss:word';
  const WRONG = 'wrong-p@ssword-of-mine';
  let server: RedisServer;

  beforeAll(async () => {
    server = await RedisServer.start({ password: RIGHT });
  });
  afterAll(() => server.kill());

  const withPassword = (password: string) => server.url.replace('//', `//default:${encodeURIComponent(password)}@`);

  it('is used with the right one', async () => {
    const a = await openConnected(withPassword(RIGHT));
    const b = await openConnected(`${withPassword(RIGHT)}/3`);
    a.bus.publish([toldGoal({ version: 1 })]);
    await eventually(() => b.versions.length === 1, { what: 'the version' });
    expect(lines.join('\n')).not.toContain('p@ss');
    expect(lines.join('\n')).not.toContain(encodeURIComponent('p@ss'));
  });

  it('is asked again with a wrong one, and the log says why, without it', async () => {
    const a = open(withPassword(WRONG));
    await a.start();
    await eventually(() => lines.some((line) => line.includes('WRONGPASS')), { what: 'a warning' });
    expect(a.bus.isConnected).toBe(false);
    a.bus.publish([toldGoal({ version: 1 })]);
    expect(await a.count('out', 'dropped')).toBe(1);
    expect(lines.join('\n')).not.toContain('wrong-p');
  });
});
