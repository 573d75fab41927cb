import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import type { ClientIdentity, UpgradeFacts } from '../../ports/client-authenticator.js';
import { ClientAuthentication } from './client-authentication.js';

const FACTS: UpgradeFacts = { headers: {}, url: '/ws', address: null };
const START_MS = 1_700_000_000_000;
const identity = (expiresAtMs: number | null = null): ClientIdentity => ({ subject: 'u', claims: {}, expiresAtMs });

function setUp(authenticate: (token: string) => unknown, timeoutMs = 1_000) {
  const time = new VirtualTime();
  const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  const asked: string[] = [];
  const authenticator = {
    authenticate: (token: string) => {
      asked.push(token);
      return authenticate(token) as Promise<ClientIdentity | null>;
    },
  };
  const clock = new VirtualClock(time, START_MS);
  const logger = new Logger('test');
  const authentication = new ClientAuthentication(authenticator, timeoutMs, clock, new VirtualScheduler(time), logger);
  const identify = (token = 'secret-token', gone = new AbortController().signal) =>
    authentication.identify(token, FACTS, gone);
  return { time, warned, asked, authentication, identify };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('ClientAuthentication', () => {
  it.each<[string, unknown, object]>([
    ['an identity', identity(), { identity: identity() }],
    ['one that lasts', identity(START_MS + 1), { identity: identity(START_MS + 1) }],
    ['one that is over', identity(START_MS), { refusal: 'unauthorized' }],
    ['null', null, { refusal: 'unauthorized' }],
    ['nothing', undefined, { refusal: 'unauthorized' }],
    ['one that expires at no time', identity(Number.NaN), { refusal: 'unauthorized' }],
    ['one without claims', { subject: 'u', expiresAtMs: null }, { refusal: 'unauthorized' }],
    ['true', true, { refusal: 'unauthorized' }],
  ])('takes %s', async (_name, answer, expected) => {
    const { identify } = setUp(async () => answer);
    expect(await identify()).toEqual(expected);
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw Object.assign(new TypeError('bad secret-token'), { code: 'E_BAD' });
      },
    ],
    ['rejects', () => Promise.reject(Object.assign(new TypeError('bad secret-token'), { code: 'E_BAD' }))],
  ])('counts one that %s as a refusal, and warns in samples without the token', async (_name, authenticate) => {
    const { identify, warned } = setUp(authenticate);
    expect(await identify()).toEqual({ refusal: 'unauthorized' });
    expect(await identify()).toEqual({ refusal: 'unauthorized' });
    expect(warned.mock.calls).toEqual([
      ['The authenticator of WebSocket clients failed', { error: 'TypeError', code: 'E_BAD', suppressed: 0 }],
    ]);
  });

  it('asks about no token that is longer than 4,096 bytes', async () => {
    const { identify, asked } = setUp(async () => identity());
    expect(await identify('é'.repeat(2_049))).toEqual({ refusal: 'unauthorized' });
    expect(asked).toEqual([]);
    expect(await identify('é'.repeat(2_048))).toEqual({ identity: identity() });
  });

  it('waits no longer than it may, whatever comes of it later', async () => {
    let answer: (identity: ClientIdentity) => void = () => {};
    const { identify, time } = setUp(() => new Promise((resolve) => (answer = resolve)), 250);
    const result = identify();
    await time.advance(250);
    expect(await result).toEqual({ refusal: 'late' });
    answer(identity());
    expect(time.waiting).toBe(0);
  });

  it('asks about 100 at once, the others in their order, and sends away those beyond 1,000 that wait', async () => {
    const open: ((identity: ClientIdentity) => void)[] = [];
    const { identify, time, asked } = setUp(() => new Promise((resolve) => open.push(resolve)));
    const gone = new AbortController();
    const first = identify('leaves', gone.signal);
    const results = Array.from({ length: 1_099 }, (_, n) => identify(String(n)));
    await time.advance(0);
    expect(asked).toHaveLength(100);
    expect(await identify('too many')).toEqual({ refusal: 'busy' });
    gone.abort();
    expect(await first).toEqual({ refusal: 'gone' });
    await time.advance(0);
    expect(asked[100]).toBe('99');
    while (open.length > 0) {
      for (const answer of open.splice(0)) answer(identity());
      await time.advance(0);
    }
    expect(asked).toEqual(['leaves', ...Array.from({ length: 1_099 }, (_, n) => String(n))]);
    expect((await Promise.all(results)).every((result) => 'identity' in result)).toBe(true);
    expect(time.waiting).toBe(0);
  });

  it('counts the time that somebody waits for a turn', async () => {
    const { identify, time, asked } = setUp(() => new Promise(() => {}));
    const results = Array.from({ length: 150 }, () => identify());
    await time.advance(1_000);
    expect((await Promise.all(results)).map(({ refusal }) => refusal)).toEqual(Array(150).fill('late'));
    expect(asked.length).toBeLessThanOrEqual(150);
    const next = identify('after');
    await time.advance(0);
    expect(asked.at(-1)).toBe('after');
    await time.advance(1_000);
    expect(await next).toEqual({ refusal: 'late' });
  });

  it('lets a client that leaves while it waits have no turn', async () => {
    const { identify, time, asked } = setUp(() => new Promise(() => {}));
    const results = Array.from({ length: 100 }, () => identify());
    const gone = new AbortController();
    const waiting = identify('waits', gone.signal);
    await time.advance(0);
    gone.abort();
    expect(await waiting).toEqual({ refusal: 'gone' });
    await time.advance(1_000);
    await Promise.all(results);
    expect(asked).not.toContain('waits');
  });

  it('ends when the application does', async () => {
    const { identify, time, authentication } = setUp(() => new Promise(() => {}));
    const result = identify();
    await time.advance(0);
    authentication.close();
    expect(await result).toEqual({ refusal: 'gone' });
    expect(await identify()).toEqual({ refusal: 'gone' });
    expect(time.waiting).toBe(0);
  });
});
