import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  PROVIDER_ENTITY_KINDS,
  PROVIDER_ENTITY_LISTS,
  type ProviderStandIn,
  startProviderStandIn,
} from '../../src/testing/index.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { ask, everyId, idsOf } from './ask.js';

guardAgainstLeaks();

const TEAMS = PROVIDER_ENTITY_LISTS.team;
const team = (nth: number, updatedAt = 1_000 + nth) => ({ id: `t${nth}`, name: `Team ${nth}`, updated_at: updatedAt });
const teams = (count: number) => Array.from({ length: count }, (_, nth) => team(nth));

describe('the entity lists of the stand-in', () => {
  let standIn: ProviderStandIn;

  beforeEach(async () => {
    standIn = await startProviderStandIn({ pageSize: 3 });
  });
  afterEach(() => standIn.close());

  it.each(PROVIDER_ENTITY_KINDS)('tell %s as it was put, and an empty page at the end', async (kind) => {
    const row = { id: 'a', name: 'Şahin', logo: '', updated_at: 5, positions: ['M', ['MC']] };
    standIn.entities.put(kind, [row]);
    const { status, body } = await ask(standIn, PROVIDER_ENTITY_LISTS[kind], { page: 1 });
    expect([status, body]).toEqual([200, { code: 0, results: [row], total: 0 }]);
    expect((await ask(standIn, PROVIDER_ENTITY_LISTS[kind], { page: 2 })).body).toEqual({
      code: 0,
      results: [],
      total: 0,
    });
    expect([standIn.entities.size(kind), standIn.entities.size(), standIn.entities.get(kind, 'a')]).toEqual([
      1,
      1,
      row,
    ]);
  });

  it('tell every row once, page by page', async () => {
    standIn.show({ pageSize: undefined });
    standIn.entities.put('team', teams(8));
    expect(await idsOf(standIn, TEAMS)).toEqual(['t0', 't1', 't2']);
    expect(await idsOf(standIn, TEAMS, { page: 3 })).toEqual(['t6', 't7']);
    expect(await everyId(standIn, TEAMS)).toEqual(standIn.entities.ids('team'));
  });

  it('keep the place of a row that changes, and bring to the front what is put there', async () => {
    standIn.show({ pageSize: 10 });
    standIn.entities.put('team', teams(4));
    standIn.entities.put('team', [{ ...team(1), name: 'New name' }]);
    expect(await idsOf(standIn, TEAMS)).toEqual(['t0', 't1', 't2', 't3']);
    expect(standIn.entities.get('team', 't1')?.name).toBe('New name');
    standIn.entities.put('team', [team(9), team(3)], 'front');
    expect(await idsOf(standIn, TEAMS)).toEqual(['t3', 't9', 't0', 't1', 't2']);
  });

  it.each([
    ['inclusive', ['t5', 't6', 't7']],
    ['exclusive', ['t6', 't7']],
  ] as const)('tell what changed since a time, %s', async (timeBoundary, expected) => {
    standIn.show({ timeBoundary });
    standIn.entities.put('team', teams(8));
    expect(await everyId(standIn, TEAMS, { time: 1_005 })).toEqual(expected);
    expect(await everyId(standIn, TEAMS, { time: 1_008 })).toEqual([]);
  });

  it.each([
    ['oldest-first', ['t2', 't0', 't1', 't3'], ['t1', 't3']],
    ['newest-first', ['t3', 't1', 't0', 't2'], ['t3', 't1']],
  ] as const)('can be ordered %s', async (order, all, since) => {
    standIn.show({ order });
    standIn.entities.put('team', [team(0, 20), team(1, 30), team(2, 10), team(3, 40)]);
    expect(await everyId(standIn, TEAMS)).toEqual(all);
    expect(await everyId(standIn, TEAMS, { time: 30 })).toEqual(since);
  });

  it('take a row without updated_at for one that changed when it was put', async () => {
    const nowS = Math.floor(Date.now() / 1000);
    standIn.entities.put('team', [{ id: 'a' }, team(1)]);
    expect(await everyId(standIn, TEAMS, { time: nowS - 5 })).toEqual(['a']);
  });

  it('forget what was deleted, many at once and one by one', async () => {
    standIn.entities.put('team', teams(200));
    standIn.entities.delete('team', ['t199', 'never seen']);
    standIn.entities.delete(
      'team',
      teams(198).map(({ id }) => id),
    );
    expect(await everyId(standIn, TEAMS)).toEqual(['t198']);
    expect(await everyId(standIn, TEAMS, { time: 1 })).toEqual(['t198']);
  });

  it('leave fields out that the single team still tells', async () => {
    standIn.entities.put('team', [{ ...team(1), logo: 'l.png' }]);
    standIn.entities.omit('team', ['logo', 'updated_at']);
    expect((await ask(standIn, TEAMS)).body?.results).toEqual([{ id: 't1', name: 'Team 1' }]);
    expect((await ask(standIn, '/team/list', { team_id: 't1' })).body).toEqual({
      code: 0,
      results: [{ ...team(1), logo: 'l.png' }],
    });
    expect(await idsOf(standIn, '/team/list', { team_id: 'unknown' })).toEqual([]);
    expect(await everyId(standIn, '/team/list')).toEqual(['t1']);
  });

  it('are told to nobody without the right credentials', async () => {
    const { body } = await ask(standIn, TEAMS, { secret: 'wrong' });
    expect(body).toEqual({ code: 401, err: 'user or secret is wrong' });
    expect((await ask(standIn, '/no/such')).status).toBe(404);
  });

  it('name an entity that does not exist', () => {
    expect(() => standIn.entities.put('teams' as 'team', [])).toThrow('no entity "teams": one of category, country');
  });
});
