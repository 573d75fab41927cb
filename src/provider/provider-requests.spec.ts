import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { letPass } from '../../test/support/let-pass.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../tools/simulator/virtual-time.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { ProviderError, type ProviderFailure } from './provider.errors.js';
import { resolveProviderOptions } from './provider.options.js';
import { ProviderBreakers } from './provider-breakers.js';
import { ProviderRequests } from './provider-requests.js';
import { ProviderStatus } from './provider-status.service.js';
import { RequestBudget } from './request-budget.js';
import { SharedBudget } from './shared-budget.js';

const START_MS = 1_766_242_949_000;
type Reply = 'ok' | ProviderFailure;

class RequestsUnderTest {
  readonly time = new VirtualTime();
  readonly clock = new VirtualClock(this.time, START_MS);
  readonly metrics = new LiveScoreMetrics();
  readonly status: ProviderStatus;
  /** requests that were really sent */
  sent = 0;
  private readonly requests: ProviderRequests;

  constructor(credentials: object = { user: 'u', secret: 's' }) {
    const options = resolveProviderOptions({ ...credentials, requestsPerSecond: 100 });
    const scheduler = new VirtualScheduler(this.time, { alive: true }, new SeededRandom(1));
    const breaker = new ProviderBreakers(this.clock, options);
    const budget = new RequestBudget(
      scheduler,
      new SharedBudget(scheduler, this.metrics, options),
      this.metrics,
      options,
    );
    this.status = new ProviderStatus(this.clock, breaker, options);
    this.requests = new ProviderRequests(budget, breaker, this.status, this.metrics, this.clock, options);
  }

  /** One request that the provider answers like that; resolves to what the caller is told. */
  async ask(reply: Reply, endpoint = '/live', text = `says ${reply}`): Promise<Reply> {
    const send = async () => {
      this.sent += 1;
      if (reply !== 'ok') throw new ProviderError(reply, text, { endpoint });
    };
    return this.requests.run({ endpoint, priority: 'live', send }).then(
      () => 'ok' as const,
      (error: ProviderError) => error.failure,
    );
  }

  async askAll(replies: readonly Reply[]): Promise<Reply[]> {
    const told: Reply[] = [];
    for (const reply of replies) told.push(await this.ask(reply));
    return told;
  }
}

describe('ProviderRequests', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('asks nothing without credentials', async () => {
    const test = new RequestsUnderTest({});
    expect([await test.ask('ok'), test.sent, test.status.enabled]).toEqual(['disabled', 0, false]);
    expect(test.status.lastError).toBeNull();
  });

  it('keeps everybody quiet for 60 s after "too many requests", and shows until when', async () => {
    const test = new RequestsUnderTest();
    expect(await test.askAll(['limit', 'ok', 'ok'])).toEqual(['limit', 'limit', 'limit']);
    expect([test.sent, test.status.pausedUntilMs]).toEqual([1, START_MS + 60_000]);
    await letPass(test.time, 59_999);
    expect([await test.ask('ok'), test.sent]).toEqual(['limit', 1]);
    await letPass(test.time, 1);
    expect([await test.ask('ok'), test.sent, test.status.pausedUntilMs]).toEqual(['ok', 2, null]);
  });

  it('is not kept quiet for ever by a clock that is set back', async () => {
    const test = new RequestsUnderTest();
    await test.ask('limit');
    test.clock.stepMs = -3_600_000;
    expect(await test.ask('ok')).toBe('ok');
  });

  it('stops after five outages in a row, and one request that tries closes it again', async () => {
    const test = new RequestsUnderTest();
    await test.askAll(['timeout', 'unreachable', 'malformed', 'timeout', 'timeout']);
    expect([await test.ask('ok'), test.sent, test.status.breakerState]).toEqual(['open', 5, 'open']);
    await letPass(test.time, 30_000);
    expect([await test.ask('timeout'), await test.ask('ok'), test.sent]).toEqual(['timeout', 'open', 6]);
    await letPass(test.time, 30_000);
    const together = Promise.all([test.ask('ok'), test.ask('ok')]);
    await letPass(test.time, 1_000);
    expect([await together, test.status.breakerState]).toEqual([['ok', 'open'], 'closed']);
    expect(await test.ask('ok')).toBe('ok');
  });

  it.each<Reply>(['refused', 'address', 'ok', 'aborted'])('does not count "%s" as an outage', async (reply) => {
    const test = new RequestsUnderTest();
    await test.askAll(['timeout', 'timeout', 'timeout', 'timeout']);
    const replies = Array.from({ length: 12 }, () => reply);
    const asking = test.askAll(replies);
    await letPass(test.time, 1_000);
    expect([await asking, test.status.breakerState]).toEqual([replies, 'closed']);
  });

  it('closes the way to the endpoint that fails, and to no other', async () => {
    const test = new RequestsUnderTest();
    await test.askAll(['timeout', 'timeout', 'timeout', 'timeout', 'timeout']);
    const asking = Promise.all([test.ask('ok'), test.ask('ok', '/team'), test.ask('timeout', '/team')]);
    await letPass(test.time, 100);
    expect(await asking).toEqual(['open', 'ok', 'timeout']);
    expect(test.status.breakerState).toBe('open');
    await letPass(test.time, 30_000);
    expect([await test.ask('ok'), test.status.breakerState]).toEqual(['ok', 'closed']);
  });

  it('forgets the breaker of an endpoint that nobody asks when there are very many', async () => {
    const test = new RequestsUnderTest();
    await test.askAll(['timeout', 'timeout', 'timeout', 'timeout', 'timeout']);
    const asking = Promise.all(Array.from({ length: 100 }, (_, n) => test.ask('ok', `/e${n}`)));
    await letPass(test.time, 2_000);
    expect([new Set(await asking), test.status.breakerState]).toEqual([new Set(['ok']), 'closed']);
  });

  it('remembers the refused address of one endpoint while another one works', async () => {
    const test = new RequestsUnderTest();
    await test.ask('address', '/update');
    await test.ask('ok', '/live');
    expect(test.status).toMatchObject({
      addressRefused: true,
      lastSuccessAtMs: START_MS,
      lastError: { code: 'LIVESCORE_PROVIDER_ADDRESS', text: 'says address', endpoint: '/update', atMs: START_MS },
    });
    await test.ask('ok', '/update');
    expect(test.status).toMatchObject({ addressRefused: false, lastError: null, requests: 3 });
  });

  it.each(['address', 'refused'] as const)(
    'logs what it says without what an attacker could use: %s',
    async (reply) => {
      const test = new RequestsUnderTest();
      const logged: unknown[][] = [];
      const keep = (...line: unknown[]) => void logged.push(line);
      Logger.overrideLogger({ log: keep, error: keep, warn: keep });
      try {
        await test.ask(reply, '/live', 'The provider says: no for 192.0.2.7, {"secret":"hunter2"}');
      } finally {
        Logger.overrideLogger(false);
      }
      const text = 'The provider says: no for [host], {"secret":[left out]}';
      expect(logged.map(([, facts]) => facts)).toEqual([expect.objectContaining({ endpoint: '/live', text })]);
      expect(inspect(logged)).not.toMatch(/192\.0|hunter2/);
    },
  );

  it('does not let "not asked" hide the reason', async () => {
    const test = new RequestsUnderTest();
    await test.askAll(['timeout', 'timeout', 'timeout', 'timeout', 'timeout', 'ok', 'ok']);
    expect(test.status.lastError?.code).toBe('LIVESCORE_PROVIDER_TIMEOUT');
  });

  it('counts every request by its result', async () => {
    const test = new RequestsUnderTest();
    await test.askAll(['ok', 'refused', 'limit', 'ok']);
    const { values } = await test.metrics.providerRequests.get();
    expect(values.map(({ labels, value }) => [labels.endpoint, labels.result, value])).toEqual([
      ['/live', 'ok', 1],
      ['/live', 'refused', 1],
      ['/live', 'limit', 2],
    ]);
  });
});
