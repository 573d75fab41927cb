import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { ProviderApi } from '../../src/provider/ports/provider-api.js';
import { ProviderClock } from '../../src/provider/ports/provider-clock.js';
import type { ProviderError, ProviderFailure } from '../../src/provider/provider.errors.js';
import { ProviderModule } from '../../src/provider/provider.module.js';
import type { ProviderOptions } from '../../src/provider/provider.options.js';
import { ProviderStatus } from '../../src/provider/provider-status.service.js';
import {
  type ProviderBehaviour,
  type ProviderStandIn,
  providerErrorBodies,
  startProviderStandIn,
} from '../../src/testing/index.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const ZERO = [0, 0, 0, 0, 0, 0, 0];
const live = (id: string, goals: number) => ({
  id,
  score: [id, 2, [goals, 0, 0, 0, 0, 0, 0], ZERO, 1_766_242_949, ''],
  stats: [],
  incidents: [],
  tlive: [],
});

describe('the REST API over HTTP', () => {
  let provider: ProviderStandIn;
  let module: TestingModule;
  let api: ProviderApi;
  let status: ProviderStatus;

  beforeEach(async () => {
    provider = await startProviderStandIn();
  });
  afterEach(async () => {
    await module?.close();
    await provider.close();
  });

  async function start(options: ProviderOptions = {}): Promise<void> {
    const { url: baseUrl, user, secret } = provider;
    module = await Test.createTestingModule({
      imports: [ProviderModule.forRoot({ baseUrl, user, secret, burst: 100, ...options })],
    }).compile();
    module.useLogger(false);
    await module.init();
    api = module.get(ProviderApi);
    status = module.get(ProviderStatus);
  }

  async function failure(signal?: AbortSignal): Promise<ProviderError> {
    return api.liveMatches(signal).then(
      () => {
        throw new Error('answered');
      },
      (error: ProviderError) => error,
    );
  }

  it('reads every live match, as a pull with the time of its request', async () => {
    provider.put(live('a', 1));
    provider.put(live('b', 0));
    provider.put(live('a', 2));
    provider.put(live('gone', 0));
    provider.remove('gone');
    await start();
    const beforeMs = Date.now();
    const { updates, rejected, requestedAtMs } = await api.liveMatches();
    expect(requestedAtMs).toBeGreaterThanOrEqual(beforeMs);
    expect(updates.map(({ matchId, score }) => [matchId, score?.home[0]])).toEqual([
      ['a', 2],
      ['b', 0],
    ]);
    expect(updates[0]).toMatchObject({ source: 'api', delivery: 'pull', requestedAtMs, providerTimeS: null });
    expect(rejected).toBe(0);
    expect(status).toMatchObject({ enabled: true, lastError: null, requests: 1, breakerState: 'closed' });
    expect(status.lastSuccessAtMs).toBeGreaterThanOrEqual(beforeMs);
  });

  it('takes an empty list for what it is, and code 200 for a good one', async () => {
    await start();
    expect((await api.liveMatches()).updates).toEqual([]);
    provider.behave({ body: JSON.stringify({ code: 200, results: [live('a', 1)] }) });
    expect((await api.liveMatches()).updates).toHaveLength(1);
  });

  it('reads the rest of an answer that it understands in part', async () => {
    provider.behave({ body: JSON.stringify({ code: 0, results: [{ id: 5 }, { ...live('a', 1), stats: 5 }] }) });
    await start();
    expect(await api.liveMatches()).toMatchObject({ updates: [{ matchId: 'a' }], rejected: 1 });
  });

  it.each([
    ['no results', { code: 0 }],
    ['results null', { code: 0, results: null }],
    ['results as text', { results: 'none' }],
    ['results as an empty object', { results: {} }],
    ['items that are none', { results: [{ id: 5 }, 'x'] }],
  ])('calls %s malformed, not empty', async (_, body) => {
    provider.behave({ body: JSON.stringify(body) });
    await start();
    expect((await failure()).code).toBe('LIVESCORE_PROVIDER_MALFORMED');
  });

  it.each<[ProviderFailure, ProviderBehaviour]>([
    ['address', { body: providerErrorBodies.address }],
    ['address', { body: providerErrorBodies.address, httpStatus: 401 }],
    ['limit', { body: providerErrorBodies.limit }],
    ['limit', { httpStatus: 429 }],
    ['refused', { httpStatus: 403 }],
    ['unreachable', { httpStatus: 503 }],
    ['malformed', { body: '{"code":0,"results":[[' }],
    ['unreachable', { connection: 'cut' }],
    ['timeout', { connection: 'hang' }],
    ['timeout', { connection: 'stall' }],
    ['timeout', { latencyMs: 60_000 }],
  ])('tells %s by its code: %j', async (expected, behaviour) => {
    provider.put(live('a', 1));
    provider.behave(behaviour);
    await start({ timeoutMs: expected === 'timeout' ? 150 : 10_000 });
    expect((await failure()).failure).toBe(expected);
    expect(status.lastError?.code).toBe(`LIVESCORE_PROVIDER_${expected.toUpperCase()}`);
    expect(status.addressRefused).toBe(expected === 'address');
    expect(status.pausedUntilMs === null).toBe(expected !== 'limit');
  });

  it('stops reading an answer that is too large', async () => {
    provider.behave({ unrelatedMatches: 500 });
    await start({ maxBodyBytes: 10_000 });
    const error = await failure();
    expect([error.failure, error.message]).toEqual(['malformed', 'The answer is larger than 10000 bytes']);
  });

  it('tells a provider that is away', async () => {
    await start();
    await provider.close();
    const error = await failure();
    expect([error.failure, error.message]).toEqual(['unreachable', 'The connection failed: ECONNREFUSED']);
    provider = await startProviderStandIn();
  });

  it('is refused with a wrong secret, and shows no secret anywhere', async () => {
    await start({ secret: 'hidden-one' });
    const error = await failure();
    expect([error.failure, error.message]).toEqual(['refused', 'The provider says: user or secret is wrong']);
    expect(JSON.stringify([error, error.stack, status.lastError])).not.toContain('hidden-one');
  });

  it('carries its credentials to nobody by a redirect', async () => {
    const visits: (string | undefined)[] = [];
    const elsewhere: Server = createServer((request, response) => {
      visits.push(request.url);
      response.end('{"results":[]}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const redirecting = createServer((request, response) => {
      const to = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}${request.url}`;
      response.writeHead(302, { Location: to }).end();
    });
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
    try {
      await start({ baseUrl: `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}` });
      expect((await failure()).failure).toBe('refused');
      expect(visits).toEqual([]);
    } finally {
      for (const server of [elsewhere, redirecting]) {
        server.closeAllConnections();
        server.close();
      }
    }
  });

  it('is called off by the signal and by the end of the module, without blaming the provider', async () => {
    provider.behave({ connection: 'hang' });
    await start();
    const caller = new AbortController();
    const [calledOff, closed] = [failure(caller.signal), failure()];
    await eventually(() => provider.requests === 2, { what: 'both requests' });
    caller.abort();
    expect((await calledOff).failure).toBe('aborted');
    await module.close();
    expect((await closed).failure).toBe('aborted');
    expect([status.lastError, status.breakerState]).toEqual([null, 'closed']);
  });

  it('asks nobody while it waits after a limit, then asks again', async () => {
    provider.behave({ body: providerErrorBodies.limit });
    await start({ pauseAfterLimitMs: 300 });
    await failure();
    provider.behave({});
    await eventually(() => api.liveMatches(), { what: 'the end of the pause' });
    expect(provider.requests).toBe(2);
  });

  it('finds out how far the clock of the provider is off', async () => {
    await start();
    await api.liveMatches();
    expect(module.get(ProviderClock).skewMs).toBe(0);
    provider.behave({ clockSkewMs: -40_000 });
    const isFound = async () => {
      await api.liveMatches();
      return Math.abs(module.get(ProviderClock).skewMs + 40_000) <= 1_500;
    };
    await eventually(isFound, { what: 'most of the readings to tell the new time' });
  });

  it('is disabled without credentials', async () => {
    await start({ user: undefined, secret: undefined });
    expect([api.enabled, status.enabled, (await failure()).failure]).toEqual([false, false, 'disabled']);
    expect(provider.requests).toBe(0);
  });
});

describe('the stand-in of the provider', () => {
  it('answers with an old truth when it is told to, and with matches that nobody asked for', async () => {
    const provider = await startProviderStandIn();
    const read = async () => {
      const answer = await fetch(`${provider.url}/match/detail_live?user=${provider.user}&secret=${provider.secret}`);
      const { results } = (await answer.json()) as { results: { id: string }[] };
      return results.map(({ id }) => id);
    };
    try {
      provider.behave({ cacheAgeMs: 60_000, unrelatedMatches: 2 });
      provider.put(live('a', 1));
      expect(await read()).toEqual(['unrelated-0', 'unrelated-1']);
      provider.behave({ cacheAgeMs: 100 });
      await eventually(async () => (await read()).includes('a'), { what: 'the cache to grow old' });
    } finally {
      await provider.close();
    }
  });
});
