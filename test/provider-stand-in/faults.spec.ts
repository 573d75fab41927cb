import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ProviderFault,
  type ProviderFaultKind,
  type ProviderStandIn,
  providerErrorBodies,
  startProviderStandIn,
} from '../../src/testing/index.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { ask, everyId, idsOf } from './ask.js';

guardAgainstLeaks();

const TEAMS = '/team/additional/list';
const VENUES = '/venue/list';
const rows = (count: number) => Array.from({ length: count }, (_, nth) => ({ id: `t${nth}`, updated_at: 1_000 + nth }));

describe('a fault of the stand-in', () => {
  let standIn: ProviderStandIn;

  beforeEach(async () => {
    standIn = await startProviderStandIn({ pageSize: 3 });
    standIn.entities.put('team', rows(7));
  });
  afterEach(() => standIn.close());

  it.each<[ProviderFault, number, string]>([
    [{ kind: 'http-429' }, 429, ''],
    [{ kind: 'body-429' }, 200, providerErrorBodies.limit],
    [{ kind: 'text-429' }, 200, 'Too Many Requests'],
    [{ kind: 'http-500' }, 500, '<html><body>Internal Server Error</body></html>'],
    [{ kind: 'address' }, 200, providerErrorBodies.address],
    [{ kind: 'address', status: 401 }, 401, providerErrorBodies.address],
    [{ kind: 'error' }, 200, '{"code":1001,"err":"the request could not be answered"}'],
  ])('%j answers in place of the list', async (fault, status, text) => {
    standIn.faults.add(fault);
    expect(await ask(standIn, TEAMS)).toMatchObject({ status, text });
    expect([standIn.faults.count(), standIn.faults.count(fault.kind)]).toEqual([1, 1]);
  });

  it('"http-429" says when to come back, if it is told to', async () => {
    standIn.faults.add({ kind: 'http-429', retryAfterS: 7, times: 1 });
    expect((await ask(standIn, TEAMS)).headers.get('retry-after')).toBe('7');
  });

  it('strikes one endpoint only, and is switched off', async () => {
    const off = standIn.faults.add({ kind: 'address', endpoint: ['/data/update', VENUES] });
    expect((await ask(standIn, VENUES)).body?.err).toMatch(/^IP is not authorized/);
    expect(await idsOf(standIn, TEAMS)).toHaveLength(3);
    off();
    expect(await idsOf(standIn, VENUES)).toEqual([]);
    standIn.faults.add({ kind: 'error' });
    standIn.faults.clear();
    expect(await idsOf(standIn, TEAMS)).toHaveLength(3);
  });

  it('strikes the next answers, then no more', async () => {
    standIn.faults.add({ kind: 'http-500', times: 2 });
    const statuses: number[] = [];
    for (let nth = 0; nth < 4; nth++) statuses.push((await ask(standIn, TEAMS)).status);
    expect(statuses).toEqual([500, 500, 200, 200]);
  });

  it('strikes by a probability, the same answers with the same seed', async () => {
    const struck = async (seed: number) => {
      const off = standIn.faults.add({ kind: 'http-500', probability: 0.5, seed });
      const statuses: number[] = [];
      for (let nth = 0; nth < 40; nth++) statuses.push((await ask(standIn, TEAMS)).status);
      off();
      return statuses.join();
    };
    const [first, again, other] = [await struck(1), await struck(1), await struck(2)];
    expect(first).toBe(again);
    expect(first).not.toBe(other);
    expect(first).toMatch(/200.*500.*200/);
  });

  it('"result" and "object" change the form, "no-results" leaves it out', async () => {
    const body = async (kind: ProviderFaultKind) => {
      const off = standIn.faults.add({ kind });
      const answer = await ask(standIn, TEAMS);
      off();
      return answer.body;
    };
    const [t0, t1, t2] = rows(3);
    expect(await body('result')).toEqual({ code: 0, result: [t0, t1, t2], total: 0 });
    expect(await body('object')).toEqual({ code: 0, results: { t0, t1, t2 }, total: 0 });
    expect(await body('no-results')).toEqual({ code: 0, total: 0 });
  });

  it('"truncated" ends the JSON in the middle', async () => {
    standIn.faults.add({ kind: 'truncated' });
    const { status, text, body } = await ask(standIn, TEAMS);
    expect([status, body]).toEqual([200, undefined]);
    expect(text).toMatch(/^\{"code":0,"results":\[\{/);
  });

  it('"gzip" compresses, and a compressed answer can be truncated, too', async () => {
    standIn.faults.add({ kind: 'gzip' });
    const { headers, body } = await ask(standIn, TEAMS);
    expect([headers.get('content-encoding'), body?.results]).toEqual(['gzip', rows(3)]);
    standIn.faults.add({ kind: 'truncated' });
    expect((await ask(standIn, TEAMS)).body).toBeUndefined();
  });

  it('"early-end" is an empty page although more follow, never the first one', async () => {
    standIn.faults.add({ kind: 'early-end', times: 1 });
    expect(await everyId(standIn, TEAMS)).toEqual(['t0', 't1', 't2']);
    expect(await everyId(standIn, TEAMS)).toHaveLength(7);
  });

  it('"duplicates" repeats the end of the page before, and the list still ends', async () => {
    standIn.faults.add({ kind: 'duplicates', rows: 1 });
    expect(await everyId(standIn, TEAMS)).toEqual(['t0', 't1', 't2', 't2', 't3', 't4', 't5', 't5', 't6']);
  });

  it('"unrelated" mixes in what nobody asked for', async () => {
    standIn.put({ id: 'm' });
    standIn.faults.add({ kind: 'unrelated', rows: 2 });
    expect(await idsOf(standIn, '/match/detail_live')).toEqual(['unrelated-0', 'unrelated-1', 'm']);
    expect(await idsOf(standIn, '/team/list', { team_id: 't1' })).toEqual(['t0', 't2', 't1']);
    expect(await idsOf(standIn, '/team/list', { team_id: 'unknown' })).toEqual(['t0', 't1']);
    expect(await everyId(standIn, TEAMS, { time: 1_005 })).toEqual(['t0', 't1', 't5', 't6']);
  });

  it('"clock-skew" moves every time of the provider, and what it understands by one', async () => {
    standIn.faults.add({ kind: 'clock-skew', ms: 90_000 });
    const askedAtMs = Date.now();
    const { headers, body } = await ask(standIn, TEAMS, { time: 1_090 + 5 });
    expect(body?.results).toEqual([
      { id: 't5', updated_at: 1_095 },
      { id: 't6', updated_at: 1_096 },
    ]);
    const toldMs = Date.parse(headers.get('date') ?? '');
    // whole seconds
    expect(toldMs).toBeGreaterThan(askedAtMs + 90_000 - 1_000);
    expect(toldMs).toBeLessThanOrEqual(Date.now() + 90_000);
    standIn.changes.add(1, { match_id: 'm', update_time: 10 });
    expect((await ask(standIn, '/data/update')).body?.results).toEqual({ 1: [{ match_id: 'm', update_time: 100 }] });
  });

  it('"slow" answers late', async () => {
    standIn.faults.add({ kind: 'slow', ms: 80 });
    const before = performance.now();
    expect(await idsOf(standIn, TEAMS)).toHaveLength(3);
    expect(performance.now() - before).toBeGreaterThanOrEqual(70);
  });

  it.each(['hang', 'stall'] as const)('"%s" leaves the caller waiting', async (kind) => {
    standIn.faults.add({ kind, times: 1 });
    const caller = new AbortController();
    let isSettled = false;
    const asked = ask(standIn, TEAMS, {}, caller.signal).finally(() => {
      isSettled = true;
    });
    asked.catch(() => undefined);
    const status = kind === 'hang' ? null : 200;
    await eventually(() => standIn.requestLog.entries()[0]?.status === status, { what: 'the request' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isSettled).toBe(false);
    caller.abort();
    await expect(asked).rejects.toThrow('abort');
    expect(await idsOf(standIn, TEAMS)).toHaveLength(3);
  });

  it('"cut" closes the connection in the middle', async () => {
    standIn.faults.add({ kind: 'cut', times: 1 });
    await expect(ask(standIn, TEAMS)).rejects.toThrow('terminated');
  });

  it('"insert" brings new rows to the front while the list is read: a reader sees rows twice', async () => {
    standIn.faults.add({ kind: 'insert', rows: 1, times: 1 });
    expect(await everyId(standIn, TEAMS)).toEqual(['t0', 't1', 't2', 't2', 't3', 't4', 't5', 't6']);
    expect(await idsOf(standIn, TEAMS)).toEqual(['inserted1', 't0', 't1']);
  });

  it('"move" changes a row and brings it to the front: the increment tells it', async () => {
    standIn.faults.add({ kind: 'move', rows: 1, times: 1 });
    await everyId(standIn, TEAMS);
    const [front] = await idsOf(standIn, TEAMS);
    const changed = await everyId(standIn, TEAMS, { time: Math.floor(Date.now() / 1000) - 60 });
    expect(changed).toEqual([front]);
    expect(standIn.entities.size('team')).toBe(7);
  });

  it('"delete" takes a row away that was read: a reader misses the one that moves up', async () => {
    standIn.faults.add({ kind: 'delete', rows: 1, times: 1 });
    const read = await everyId(standIn, TEAMS);
    expect(read).toEqual(['t0', 't1', 't2', 't4', 't5', 't6']);
    const { body } = await ask(standIn, '/deleted');
    expect(body?.results).toEqual({ team: [expect.stringMatching(/^t[012]$/)] });
    expect(standIn.entities.size('team')).toBe(6);
  });

  it('shifts the recent list, too', async () => {
    const fixture = { match_time: 100, home_team_id: 'h', away_team_id: 'a', competition_id: 'c', updated_at: 5 };
    standIn.fixtures.put(['m1', 'm2', 'm3', 'm4'].map((id) => ({ ...fixture, id })));
    standIn.faults.add({ kind: 'insert', rows: 1, times: 1, endpoint: '/match/recent/list' });
    expect(await everyId(standIn, '/match/recent/list')).toEqual(['m1', 'm2', 'm3', 'm3', 'm4']);
    expect(standIn.fixtures.get('inserted1')).toMatchObject({ match_time: 100, home_team_id: 'h' });
  });

  it('stands beside those of behave, which concern every answer', async () => {
    standIn.behave({ body: '{"code":0,"results":[]}', httpStatus: 503 });
    standIn.faults.add({ kind: 'gzip' });
    const { status, headers, body } = await ask(standIn, TEAMS);
    expect([status, headers.get('content-encoding'), body?.results]).toEqual([503, 'gzip', []]);
  });
});
