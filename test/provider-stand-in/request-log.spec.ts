import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ProviderStandIn, startProviderStandIn } from '../../src/testing/index.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { ask } from './ask.js';

guardAgainstLeaks();

describe('the requests that a stand-in counts', () => {
  let standIn: ProviderStandIn;

  beforeEach(async () => {
    standIn = await startProviderStandIn({ loggedRequests: 4 });
  });
  afterEach(() => standIn.close());

  it('are told with query, status and bytes, never with credentials', async () => {
    const beforeMs = Date.now();
    const { text } = await ask(standIn, '/team/additional/list', { page: 2, time: 7 });
    const [entry, ...rest] = standIn.requestLog.entries();
    expect(rest).toEqual([]);
    expect(entry).toEqual({
      endpoint: '/team/additional/list',
      atMs: expect.any(Number),
      query: { page: '2', time: '7' },
      status: 200,
      bytes: text.length,
    });
    expect(entry?.atMs).toBeGreaterThanOrEqual(beforeMs);
    expect(JSON.stringify(standIn.requestLog.entries())).not.toContain(standIn.secret);
  });

  it('are counted by endpoint for ever, and remembered as far as there is room', async () => {
    for (let page = 1; page <= 6; page++) await ask(standIn, '/venue/list', { page });
    await ask(standIn, '/no/such');
    await ask(standIn, '/nothing');
    const { requestLog } = standIn;
    expect([requestLog.total, requestLog.count('/venue/list'), requestLog.counts.get('unknown')]).toEqual([8, 6, 2]);
    expect(requestLog.entries().map(({ endpoint, query }) => query.page ?? endpoint)).toEqual([
      '5',
      '6',
      '/no/such',
      '/nothing',
    ]);
    expect(requestLog.entries('/venue/list')).toHaveLength(2);
    requestLog.clear();
    expect([requestLog.total, requestLog.entries(), requestLog.most(1_000)]).toEqual([0, [], 0]);
    expect(standIn.requests).toBe(8);
  });
});
