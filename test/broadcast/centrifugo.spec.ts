import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { CentrifugoPublisher } from '../../src/broadcast/adapters/centrifugo/centrifugo-publisher.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { type Cancel, SystemScheduler } from '../../src/kernel/scheduler.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { changeFrame } from '../support/told.js';
import { FakeCentrifugo } from './fake-centrifugo.js';

guardAgainstLeaks();

/** A second of the publisher's time, as it promises to end within. */
const MOST_WAIT_MS = 1_000;

/** Time that may go slower, for a busy machine, and that knows what was waited for. */
class PatientScheduler extends SystemScheduler {
  readonly waits: number[] = [];

  constructor(private readonly timesLonger = 1) {
    super();
  }

  override after(delayMs: number, action: () => void): Cancel {
    this.waits.push(delayMs);
    return super.after(delayMs * this.timesLonger, action);
  }
}

let server: FakeCentrifugo;
let metrics: LiveScoreMetrics;
let publisher: CentrifugoPublisher;
let scheduler: PatientScheduler;
let lines: string[];

beforeEach(async () => {
  lines = [];
  const keep = (...parts: unknown[]) => void lines.push(JSON.stringify(parts));
  Logger.overrideLogger({ log: keep, warn: keep, error: keep });
  server = new FakeCentrifugo();
  await server.start();
  publisher = open();
});
afterEach(async () => {
  await publisher.close().finally(() => server.stop());
  expect(server.violations).toEqual([]);
  expect(server.mostUnderWay).toBeLessThanOrEqual(1);
  expect(lines.join('\n')).not.toContain(server.apiKey);
  Logger.overrideLogger(['log']);
});

interface OpenOptions {
  readonly apiKey?: string;
  /** @default so long that a request which is answered is never given up */
  readonly timeoutMs?: number;
  /** waits take so many times longer. @default 1 */
  readonly timesLonger?: number;
}

function open({ apiKey = server.apiKey, timeoutMs = 60_000, timesLonger }: OpenOptions = {}) {
  metrics = new LiveScoreMetrics();
  scheduler = new PatientScheduler(timesLonger);
  const { url } = server;
  return new CentrifugoPublisher(
    { url, apiKey, channelPrefix: 'match:', allChannel: 'live', timeoutMs },
    { scheduler, metrics },
  );
}

async function reopen(options: OpenOptions): Promise<void> {
  await publisher.close();
  publisher = open(options);
}

async function count(result: string): Promise<number> {
  const { values } = await metrics.centrifugoPublications.get();
  return values.find(({ labels }) => labels.result === result)?.value ?? 0;
}

const positionsIn = (channel: string) => server.dataOf(channel).map(({ position }) => position);
const published = (channel: string, position: string) =>
  eventually(() => positionsIn(channel).includes(position), { what: `${position} in ${channel}` });

describe('a change', () => {
  it('goes to the channel of its match with its version and epoch, and to that of all matches without', async () => {
    const change = changeFrame({ matchId: 'm7', epoch: 3, version: 12 });
    publisher.publish([change]);
    await published('live', '3.12');
    const data = JSON.parse(JSON.stringify(change));
    expect(server.published.map(({ request }) => request)).toEqual([
      { channel: 'match:m7', data, idempotency_key: 'm7@3.12', version: 12, version_epoch: '3' },
      { channel: 'live', data, idempotency_key: 'm7@3.12' },
    ]);
    await eventually(async () => (await count('published')) === 2, { what: 'the answer' });
  });

  it('of many matches leaves in batches of at most 100 commands, each match in order', async () => {
    for (let version = 1; version <= 3; version++)
      publisher.publish(Array.from({ length: 120 }, (_, n) => changeFrame({ matchId: `m${n}`, version })));
    await eventually(() => positionsIn('live').filter((position) => position === '1.3').length === 120, {
      what: 'the last of all',
    });
    expect(Math.max(...server.batches)).toBe(100);
    for (let n = 0; n < 120; n++) expect(positionsIn(`match:m${n}`)).toEqual([...positionsIn(`match:m${n}`)].sort());
  });

  it('that is told again is left out by Centrifugo, and one of a new epoch is not', async () => {
    publisher.publish([changeFrame({ version: 5 })]);
    await published('live', '1.5');
    publisher.publish([changeFrame({ version: 5 })]);
    publisher.publish([changeFrame({ matchId: 'm2', version: 1 })]);
    await published('live', '1.1');
    publisher.publish([changeFrame({ epoch: 2, version: 1 })]);
    await published('live', '2.1');
    expect(positionsIn('match:m1')).toEqual(['1.5', '2.1']);
    expect(server.leftOut.map(({ channel }) => channel)).toEqual(['match:m1', 'live']);
  });

  it('that restates a position gets through, though its version is known', async () => {
    publisher.publish([changeFrame({ version: 5 })]);
    await published('live', '1.5');
    publisher.publish([{ ...changeFrame({ version: 5 }), restated: true, homeScore: 4 }]);
    await eventually(() => server.dataOf('live').length === 2, { what: 'the restated one' });
    expect(server.dataOf('match:m1').map(({ homeScore }) => homeScore)).toEqual([5, 4]);
    expect(server.leftOut).toEqual([]);
  });
});

describe('while a request is under way', () => {
  it('only the newest state of each match waits, and says what it stands for', async () => {
    let answer = (): void => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    server.beforeAnswer = () => held;
    publisher.publish([changeFrame({ version: 1 })]);
    await eventually(() => server.underWay === 1, { what: 'a request' });
    for (let version = 2; version <= 50; version++) publisher.publish([changeFrame({ version })]);
    publisher.publish([changeFrame({ version: 7 })]);
    server.beforeAnswer = () => Promise.resolve();
    answer();
    await published('live', '1.50');
    const expected = [{ position: '1.1' }, { position: '1.50', previous: '1.1', conflated: true, homeScore: 50 }];
    for (const channel of ['match:m1', 'live']) expect(server.dataOf(channel)).toMatchObject(expected);
    expect(server.batches).toEqual([2, 2]);
    expect(await count('conflated')).toBe(2 * 49);
  });

  it('and it is never answered, it is given up in time and the newest state is sent', async () => {
    await reopen({ timeoutMs: 150 });
    let requests = 0;
    server.interfere = () => ++requests > 0;
    publisher.publish([changeFrame({ version: 1 })]);
    await eventually(() => requests > 0, { what: 'a request' });
    publisher.publish([changeFrame({ version: 2 })]);
    server.interfere = null;
    await published('live', '1.2');
    expect(server.dataOf('match:m1')).toMatchObject([{ previous: '1.0', position: '1.2', conflated: true }]);
    expect(await count('later')).toBeGreaterThanOrEqual(2);
  });
});

describe('a Centrifugo', () => {
  it('that is away gets the newest state when it is back', async () => {
    await server.stop();
    for (let version = 1; version <= 20; version++) publisher.publish([changeFrame({ version })]);
    await eventually(async () => (await count('later')) >= 4, { what: 'some failed attempts' });
    publisher.publish([changeFrame({ version: 21 })]);
    await server.start();
    await published('live', '1.21');
    expect(positionsIn('match:m1')).toEqual(['1.21']);
  });

  it('that carried out what it did not answer is not told twice', async () => {
    await reopen({ timeoutMs: 150 });
    let answers = 0;
    // the first answer comes when nobody waits for it any more
    server.beforeAnswer = async () => {
      const before = await count('later');
      if (++answers === 1)
        await eventually(async () => (await count('later')) > before, { what: 'the end of the patience' });
    };
    publisher.publish([changeFrame({ version: 1 })]);
    await eventually(async () => (await count('published')) === 2, { what: 'an answer' });
    expect([positionsIn('match:m1'), positionsIn('live')]).toEqual([['1.1'], ['1.1']]);
    expect(server.leftOut.length).toBeGreaterThanOrEqual(2);
  });

  it('that fails for one channel is asked again for this one alone', async () => {
    server.failing = new Set(['match:m1']);
    publisher.publish([changeFrame({ version: 1 })]);
    await eventually(async () => (await count('later')) >= 2, { what: 'two failures' });
    server.failing = new Set();
    await published('match:m1', '1.1');
    expect(positionsIn('live')).toEqual(['1.1']);
    expect(server.leftOut).toEqual([]);
    expect(server.batches[0]).toBe(2);
    expect(new Set(server.batches.slice(1))).toEqual(new Set([1]));
  });

  it.each([500, 502, 503, 429, 408])('that answers with HTTP %i is asked again', async (status) => {
    let requests = 0;
    server.interfere = (_, response) => {
      if (++requests > 1) return false;
      response.writeHead(status).end('{}');
      return true;
    };
    publisher.publish([changeFrame({ version: 1 })]);
    await published('live', '1.1');
    expect(requests).toBe(2);
  });

  it.each([
    ['nonsense', '<html>'],
    ['too few replies', '{"replies":[{"publish":{}}]}'],
    ['an endless body', 'x'.repeat(1_000_000)],
  ])('that answers with %s is asked again', async (_, body) => {
    let requests = 0;
    server.interfere = (_request, response) => {
      if (++requests > 1) return false;
      response.writeHead(200).end(body);
      return true;
    };
    publisher.publish([changeFrame({ version: 1 })]);
    await published('live', '1.1');
  });

  it.each([400, 401, 403, 404, 413, 301])('that answers with HTTP %i is not asked again', async (status) => {
    let requests = 0;
    server.interfere = (_, response) => {
      if (++requests > 1) return false;
      response.writeHead(status, { Location: 'http://127.0.0.1:1/' }).end();
      return true;
    };
    publisher.publish([changeFrame({ version: 1 })]);
    await eventually(async () => (await count('refused')) === 2, { what: 'the refusal' });
    publisher.publish([changeFrame({ version: 2 })]);
    await published('live', '1.2');
    expect([requests, positionsIn('match:m1')]).toEqual([2, ['1.2']]);
    expect(lines.join('\n')).toContain(`HTTP ${status}`);
  });

  it('that does not know the namespace refuses the channel of the match alone', async () => {
    server.namespaces = [];
    publisher.publish([changeFrame({ version: 1 })]);
    await published('live', '1.1');
    expect([await count('refused'), await count('published')]).toEqual([1, 1]);
    expect(lines.join('\n')).toContain('error 102');
  });

  it('that refuses the key says so in the log, without the key', async () => {
    await reopen({ apiKey: 'a-wrong-secret' });
    publisher.publish([changeFrame({ version: 1 })]);
    await eventually(async () => (await count('refused')) === 2, { what: 'the refusal' });
    expect(lines.join('\n')).toContain('HTTP 401');
    expect(lines.join('\n')).not.toContain('a-wrong-secret');
  });

  it('that stays away is left alone for a while after five attempts in a row', async () => {
    const atMs: number[] = [];
    server.interfere = (_, response) => {
      atMs.push(performance.now());
      response.writeHead(503).end();
      return true;
    };
    publisher.publish([changeFrame({ version: 1 })]);
    await eventually(() => atMs.length === 6, { what: 'five attempts and the probe', timeoutMs: 25_000 });
    expect(Number(atMs[5]) - Number(atMs[4])).toBeGreaterThan(4_900);
  });
});

describe('the end', () => {
  /** What the end waits for, all together. */
  const waitsOfTheEnd = async () => {
    const before = scheduler.waits.length;
    await publisher.close();
    return scheduler.waits.slice(before).reduce((sum, ms) => sum + ms, 0);
  };

  it('sends what waits', async () => {
    await reopen({ timesLonger: 20 });
    publisher.publish(Array.from({ length: 300 }, (_, n) => changeFrame({ matchId: `m${n}`, version: 1 })));
    await publisher.close();
    expect(server.dataOf('live')).toHaveLength(300);
    publisher.publish([changeFrame({ version: 2 })]);
    expect(await count('dropped')).toBe(2);
  });

  it('waits for nobody who does not answer', async () => {
    server.interfere = () => true;
    publisher.publish([changeFrame({ version: 1 })]);
    await eventually(() => server.underWay === 1, { what: 'a request' });
    expect(await waitsOfTheEnd()).toBeLessThanOrEqual(MOST_WAIT_MS);
  });

  it('comes at once while Centrifugo is away', async () => {
    await server.stop();
    publisher.publish([changeFrame({ version: 1 })]);
    await eventually(async () => (await count('later')) >= 2, { what: 'a failed attempt' });
    expect(await waitsOfTheEnd()).toBe(0);
  });
});
