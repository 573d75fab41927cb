import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { ProviderApi } from '../../src/provider/ports/provider-api.js';
import { type ListRequest, ProviderLists } from '../../src/provider/ports/provider-lists.js';
import type { ProviderError } from '../../src/provider/provider.errors.js';
import { ProviderModule } from '../../src/provider/provider.module.js';
import type { ProviderOptions } from '../../src/provider/provider.options.js';
import { ProviderHealthProbe } from '../../src/provider/provider-health-probe.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const USER = 'hidden user';
const SECRET = 'hidden+one/&=';
const ADDRESS = '{"err":"IP is not authorized to access, please contact our business staff."}';

/** Keeps what is logged. */
class Lines implements LoggerService {
  readonly all: string[] = [];
  private readonly keep = (...parts: unknown[]) =>
    void this.all.push(parts.map((part) => JSON.stringify(part)).join(' '));
  log = this.keep;
  error = this.keep;
  warn = this.keep;
  debug = this.keep;
}

describe('lists over HTTP', () => {
  let server: Server;
  let module: TestingModule;
  let lists: ProviderLists;
  const lines = new Lines();
  let visits: URL[];
  let answer: (path: string, request: IncomingMessage) => string;

  beforeEach(async () => {
    visits = [];
    answer = () => '{"code":0,"results":[]}';
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://provider');
      visits.push(url);
      response.end(answer(url.pathname, request));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await module?.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function start(options: ProviderOptions = {}): Promise<void> {
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    module = await Test.createTestingModule({
      imports: [ProviderModule.forRoot({ baseUrl, user: USER, secret: SECRET, burst: 100, ...options })],
    }).compile();
    module.useLogger(lines);
    await module.init();
    lists = module.get(ProviderLists);
  }

  const ask = (request: Partial<ListRequest> = {}) =>
    lists.ask({ endpoint: '/team/additional/list', priority: 'catalogue', ...request });
  const failure = (request?: Partial<ListRequest>): Promise<ProviderError> =>
    ask(request).then(
      () => {
        throw new Error('answered');
      },
      (error: ProviderError) => error,
    );

  it('sends one request with its parameters, and reads entries and what belongs to them', async () => {
    answer = () => '{"code":200,"results":{"a":{"name":"A"}},"results_extra":{"team":{"t":{}}},"total":0}';
    await start();
    const beforeMs = Date.now();
    const { items, extra, requestedAtMs, refused } = await ask({
      params: { page: 2, time: 1_766_242_949, user: 'me' },
    });
    expect([items, refused, [...extra]]).toEqual([[{ name: 'A', id: 'a' }], 0, [['team', [{ id: 't' }]]]]);
    expect(requestedAtMs).toBeGreaterThanOrEqual(beforeMs);
    expect(visits.map(({ pathname }) => pathname)).toEqual(['/v1/team/additional/list']);
    expect(Object.fromEntries(visits[0]?.searchParams ?? [])).toEqual({
      page: '2',
      time: '1766242949',
      user: USER,
      secret: SECRET,
    });
  });

  it.each([
    ['malformed', '{"code":0,"results":[{"id":"a"},{"i'],
    ['malformed', '{"code":0,"results":"none"}'],
    ['malformed', ''],
    ['address', ADDRESS],
    ['refused', '{"code":9,"results":[]}'],
    ['limit', '{"code":429,"results":[]}'],
    ['limit', '{"code":0,"results":"Too Many Requests"}'],
    ['limit', '{"code":0,"result":"too many requests"}'],
  ] as const)('calls it %s, and no empty list, when the answer is %s', async (expected, body) => {
    answer = () => body;
    await start();
    expect((await failure()).failure).toBe(expected);
  });

  it('tells an answer without results from an empty list', async () => {
    await start();
    expect((await ask()).items).toEqual([]);
    answer = () => '{"code":0}';
    expect((await ask()).items).toBeNull();
  });

  it('waits as long as the request says', async () => {
    server.removeAllListeners('request');
    await start();
    const error = await failure({ timeoutMs: 120 });
    expect([error.failure, error.message]).toEqual(['timeout', 'No complete answer within 120 ms']);
  });

  it('raises an alarm about a refused address while other endpoints answer', async () => {
    answer = (path) => (path.endsWith('/data/update') ? ADDRESS : '{"results":[]}');
    await start();
    for (let n = 0; n < 7; n++) expect((await failure({ endpoint: '/data/update' })).failure).toBe('address');
    expect((await ask()).items).toEqual([]);
    expect(module.get(ProviderHealthProbe).health()).toMatchObject({
      provider: {
        address_refused: true,
        refused_endpoints: ['/data/update'],
        last_error: { code: 'LIVESCORE_PROVIDER_ADDRESS' },
      },
    });
    answer = () => '{"results":[]}';
    await ask({ endpoint: '/data/update' });
    expect(module.get(ProviderHealthProbe).health()).toMatchObject({
      provider: { address_refused: false, refused_endpoints: [], last_error: null },
    });
  });

  it('asks nothing without credentials', async () => {
    await start({ user: undefined, secret: undefined });
    expect([lists.enabled, (await failure()).failure, visits]).toEqual([false, 'disabled', []]);
  });

  it('warns of a secret in the clear, and names the host in its own field', async () => {
    await start({ baseUrl: 'http://provider.goalgpt.tr/v1' });
    expect(lines.all.filter((line) => line.includes('unencrypted'))).toEqual([
      expect.stringContaining(' {"host":"provider.goalgpt.tr"} '),
    ]);
  });

  it('shows no credentials in errors, logs, health and metrics, even when the provider repeats them', async () => {
    answer = (_, { url }) => JSON.stringify({ err: `wrong: ${url} ${USER} ${SECRET} ${encodeURIComponent(SECRET)}` });
    await start();
    const error = await failure();
    await module
      .get(ProviderApi)
      .liveMatches()
      .catch(() => undefined);
    const metrics = await module.get(LiveScoreMetrics).registry.metrics();
    const health = module.get(ProviderHealthProbe).health();
    const shown = [
      error.message,
      error.stack,
      JSON.stringify(error),
      JSON.stringify(health),
      metrics,
      ...lines.all,
    ].join('\n');
    expect(shown).toContain('The provider says: wrong');
    expect(lines.all.join('\n')).toContain('The provider gave no answer');
    expect(shown).not.toMatch(/hidden/);
  });
});
