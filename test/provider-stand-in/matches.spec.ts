import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ProviderFixture, type ProviderStandIn, startProviderStandIn } from '../../src/testing/index.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { ask, everyId, idsOf } from './ask.js';

guardAgainstLeaks();

const fixture = (id: string, matchTimeS: number, updatedAt = 1_000): ProviderFixture => ({
  id,
  match_time: matchTimeS,
  home_team_id: 'h',
  away_team_id: 'a',
  competition_id: 'c',
  updated_at: updatedAt,
});
const utc = (text: string) => Date.parse(`${text}Z`) / 1000;

describe('the match lists of the stand-in', () => {
  let standIn: ProviderStandIn;

  beforeEach(async () => {
    standIn = await startProviderStandIn({ pageSize: 2 });
  });
  afterEach(() => standIn.close());

  it('tell the matches of a day of UTC+8, by kick-off', async () => {
    standIn.fixtures.put([
      fixture('last', utc('2026-03-10T15:59:59')),
      fixture('before', utc('2026-03-09T15:59:59')),
      fixture('after', utc('2026-03-10T16:00:00')),
      fixture('first', utc('2026-03-09T16:00:00')),
      fixture('noon', utc('2026-03-10T04:00:00')),
    ]);
    expect(await everyId(standIn, '/match/diary', { date: '20260310' })).toEqual(['first', 'noon', 'last']);
    expect(await everyId(standIn, '/match/diary', { date: '20260311' })).toEqual(['after']);
    expect(await idsOf(standIn, '/match/diary', { date: '2026-03-10' })).toEqual([]);
  });

  it('move a match to the day it was put off to, and drop a deleted one', async () => {
    standIn.fixtures.put(fixture('m', utc('2026-03-10T12:00:00')));
    standIn.fixtures.put(fixture('m', utc('2026-03-11T12:00:00')));
    expect(await idsOf(standIn, '/match/diary', { date: '20260310' })).toEqual([]);
    expect(await idsOf(standIn, '/match/diary', { date: '20260311' })).toEqual(['m']);
    standIn.fixtures.delete(['m']);
    expect([standIn.fixtures.size, standIn.fixtures.get('m')]).toEqual([0, null]);
    expect(await idsOf(standIn, '/match/diary', { date: '20260311' })).toEqual([]);
    expect((await ask(standIn, '/deleted')).body?.results).toEqual({ match: ['m'] });
  });

  it('tell what changed, page by page, since a time', async () => {
    standIn.fixtures.put([fixture('a', 1, 30), fixture('b', 1, 10), fixture('c', 1, 20)]);
    expect(await everyId(standIn, '/match/recent/list')).toEqual(['a', 'b', 'c']);
    expect(await everyId(standIn, '/match/recent/list', { time: 20 })).toEqual(['c', 'a']);
    expect(standIn.fixtures.ids()).toEqual(['a', 'b', 'c']);
  });

  it('name the teams and competitions of the page, as arrays, as objects or not at all', async () => {
    standIn.entities.put('team', [
      { id: 'h', name: 'Home', logo: 'h.png', national: 1 },
      { id: 'x', name: 'Other' },
    ]);
    standIn.entities.put('competition', [{ id: 'c', name: 'Cup', logo_url: 'c.png' }]);
    standIn.fixtures.put(fixture('m', utc('2026-03-10T12:00:00')));
    const [home, cup] = [
      { id: 'h', name: 'Home', logo: 'h.png' },
      { id: 'c', name: 'Cup', logo: 'c.png' },
    ];
    const extra = async () => (await ask(standIn, '/match/diary', { date: '20260310' })).body?.results_extra;
    expect(await extra()).toEqual({ team: [home], competition: [cup] });
    standIn.show({ extra: 'object' });
    expect(await extra()).toEqual({ team: { h: home }, competition: { c: cup } });
    standIn.show({ extra: 'none' });
    expect(await extra()).toBeUndefined();
  });

  it('tell live matches apart from the programme', async () => {
    const live = { id: 'm', score: ['m', 2, [0], [0], 5, ''], stats: [], incidents: [], tlive: [] };
    standIn.fixtures.put(fixture('other', 5));
    standIn.put(live);
    expect((await ask(standIn, '/match/detail_live')).body).toEqual({ code: 0, results: [live] });
  });
});

describe('what the stand-in tells of the last while', () => {
  let standIn: ProviderStandIn;

  beforeEach(async () => {
    standIn = await startProviderStandIn();
  });
  afterEach(() => standIn.close());

  const results = async (endpoint: string) => (await ask(standIn, endpoint)).body?.results;

  it('deletions of 24 hours, by kind, as ids or as objects', async () => {
    standIn.entities.put('team', [{ id: 'a' }, { id: 'b' }, { id: 'old' }]);
    const atMs = Date.now() - 1_000;
    standIn.entities.delete('team', ['a', 'b', 'not there'], { atMs });
    standIn.entities.delete('team', ['old'], { atMs: Date.now() - 86_400_001 });
    standIn.deletions.add('player', ['p']);
    expect(await results('/deleted')).toEqual({ team: ['a', 'b'], player: ['p'] });
    standIn.show({ deletedAs: 'objects' });
    expect(await results('/deleted')).toMatchObject({ team: [{ id: 'a', updated_at: Math.floor(atMs / 1000) }, {}] });
  });

  it('no deletion of what came back, unless it is said again', async () => {
    standIn.entities.put('team', [{ id: 'a' }]);
    standIn.entities.delete('team', ['a']);
    standIn.entities.put('team', [{ id: 'a' }]);
    expect(await results('/deleted')).toEqual({});
    standIn.deletions.add('team', ['a']);
    expect(await results('/deleted')).toEqual({ team: ['a'] });
    expect(await idsOf(standIn, '/team/additional/list')).toEqual(['a']);
  });

  it('changes of 120 seconds, by the number of their type', async () => {
    standIn.changes.add(1, { match_id: 'm', update_time: 7 });
    standIn.changes.add(11, { match_id: 'm' });
    standIn.changes.add(3, { season_id: 's' }, Date.now() - 120_001);
    expect(await results('/data/update')).toEqual({
      1: [{ match_id: 'm', update_time: 7 }],
      11: [{ match_id: 'm', update_time: expect.any(Number) }],
    });
  });

  it('by a clock of its own', async () => {
    await standIn.close();
    let nowMs = 1_766_000_000_000;
    standIn = await startProviderStandIn({ nowMs: () => nowMs });
    standIn.entities.put('team', [{ id: 'a' }, { id: 'b', updated_at: 1_766_000_001 }]);
    expect(await idsOf(standIn, '/team/additional/list', { time: 1_766_000_000 })).toEqual(['a', 'b']);
    standIn.entities.delete('team', ['a']);
    standIn.changes.add(1, { match_id: 'm' });
    expect(await results('/data/update')).toEqual({ 1: [{ match_id: 'm', update_time: 1_766_000_000 }] });
    nowMs += 30 * 3_600_000;
    const { headers, body } = await ask(standIn, '/deleted');
    expect([headers.get('date'), body?.results]).toEqual([new Date(nowMs).toUTCString(), {}]);
    expect(await results('/data/update')).toEqual({});
  });

  it('nothing, as an object or as an array', async () => {
    expect(await results('/data/update')).toEqual({});
    standIn.show({ emptyGroups: 'array' });
    expect([await results('/data/update'), await results('/deleted')]).toEqual([[], []]);
  });

  it('the address of the caller', async () => {
    const base = standIn.url.replace(/\/football$/, '');
    const query = `user=${standIn.user}&secret=${standIn.secret}`;
    const answer = await fetch(`${base}/ip/demo?${query}`).then((response) => response.json());
    expect(answer).toEqual({ code: 0, results: { host: new URL(base).host, request_ip: '127.0.0.1' } });
  });
});
