import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UpdateSink } from '../../src/contracts/update-sink.js';
import { MatchStatus } from '../../src/domain/match-status.js';
import { Readiness } from '../../src/health/readiness.js';
import type { MatchAnswer, OperationsFacts, SearchAnswer, Section } from '../../src/operations/facts.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, seedMatch } from '../support/example-host.js';
import { slots } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { OperationsHost, SECRET, SESSION } from './operations-host.js';

guardAgainstLeaks();

const HOSTILE = '<img src=x onerror=alert(1)>\u202Egnp.\u0007';

describe.each(['express', 'fastify'] as const)('the facts of the page (%s)', (platform) => {
  let database: TestDatabase;
  let host: OperationsHost;

  beforeAll(async () => {
    database = await createTestDatabase();
    await seedMatch(database.url, 'm1');
    await rowsOf(database.url, `UPDATE ts_teams SET name = $1 WHERE external_id = 'm1-h'`, [HOSTILE]);
    await runSql(database.url, `INSERT INTO livescore_pin (match_id, route, pinned_by) VALUES ('m1', 'direct', 'ada')`);
    const more = { withRollout: true, metricsRoute: true } as const;
    host = await OperationsHost.start({
      databaseUrl: database.url,
      platform,
      secret: SECRET,
      more: { ...more, settlement: { mode: 'off' }, sync: { mode: 'off' }, health: { internalSecret: SECRET } },
    });
    const readiness = host.app.get(Readiness, { strict: false });
    await eventually(async () => (await readiness.report()).standby === false, { what: 'the lease' });
  });
  afterAll(async () => {
    await host.close();
    await database.drop();
  });

  const say = (home: number, away: number, status: MatchStatus = MatchStatus.FirstHalf) => {
    const score = { status, home: slots(home), away: slots(away), periodKickoffS: null };
    const feed = { source: 'mqtt', delivery: 'push', requestedAtMs: null, providerTimeS: null } as const;
    host.app.get(UpdateSink, { strict: false }).submit([{ ...feed, matchId: 'm1', receivedAtMs: Date.now(), score }]);
  };
  /** The answer of who is not too busy to give one in time. */
  const ask = async (path: string) => {
    let reply = await host.ask(path, { headers: SESSION });
    const isInTime = async () => {
      if (reply.status === 503) reply = await host.ask(path, { headers: SESSION });
      return reply.status !== 503;
    };
    await eventually(isInTime, { what: `an answer to ${path}` });
    return reply.text;
  };
  const matchOf = async (matchId: string): Promise<MatchAnswer> => {
    let answer: MatchAnswer;
    const isRead = async () => {
      answer = JSON.parse(await ask(`/match/${matchId}`)) as MatchAnswer;
      return answer.error === null;
    };
    await eventually(isRead, { what: `what is known of ${matchId}` });
    return answer!;
  };
  /** The first facts of which it holds. */
  const factsWhen = async (holds: (facts: OperationsFacts) => boolean, what: string) => {
    let facts = await host.facts();
    await eventually(
      async () => {
        facts = await host.facts();
        return holds(facts);
      },
      { what, timeoutMs: 20_000 },
    );
    return facts;
  };
  const metric = async (name: string, labels = /(?:)/) => {
    const text = (await host.ask(`${host.url}/metrics`)).text;
    const lines = text
      .split('\n')
      .filter((line) => [`${name}{`, `${name} `].some((begin) => line.startsWith(begin)) && labels.test(line));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  };

  it('have every section that the host can fill', async () => {
    const isRead = (section: Section<unknown> | null) => section?.asOfMs != null && section.error === null;
    const areRead = ({ stored }: OperationsFacts) => Object.values(stored).every(isRead);
    const { stored } = await factsWhen(areRead, 'every section');
    expect(Object.keys(stored).length).toBeGreaterThan(5);
  });

  it('are told as the metrics, the routes of health and the rows tell them', async () => {
    say(1, 0);
    await eventually(async () => (await host.facts()).goals.length === 1, { what: 'the goal' });
    say(1, 1);
    await eventually(async () => (await host.facts()).goals.length === 2, { what: 'the other goal' });
    say(0, 0, MatchStatus.NotStarted);
    const facts = await factsWhen(
      ({ totals, accounting }) => totals.rejected === 1 && accounting.illegal === 1,
      'the refused update in all of them',
    );
    const health = JSON.parse((await host.ask(`${host.url}/health`)).text);
    expect(facts.accounting).toEqual(health.accounting);
    expect(facts.health.rollout).toEqual(health.rollout);
    const latency = JSON.parse((await host.ask(`${host.url}/metrics/latency`, { headers: SESSION })).text);
    expect(facts.latency.stats).toEqual(latency.data.stats);
    expect(facts.totals).toEqual({
      messages: await metric('livescore_messages_total'),
      updates: await metric('livescore_updates_received_total'),
      commits: await metric('livescore_receive_to_commit_seconds_count'),
      rejected: await metric('livescore_updates_total', /outcome="(stale|illegal)"/),
      errors: await metric('livescore_write_errors_total'),
      frames: await metric('livescore_ws_frames_total'),
    });
    expect(facts.totals).toMatchObject({ commits: 2, rejected: 1 });
    expect(facts.latency.receiveToScreen).toMatchObject({ count: 2, p50: expect.any(Number) });
    const pool = JSON.parse((await host.ask(`${host.url}/health/pool`, { headers: SESSION })).text);
    expect(facts.pool).toEqual({ active: expect.any(Number), waiting: expect.any(Number), total: pool.total });
  });

  it('name goals and live matches as they are written, for the page to show as text', async () => {
    const facts = await factsWhen(
      ({ stored, goals, database, ready }) =>
        stored.matches.value?.[0]?.version === 2 &&
        stored.live.value?.changesLastMinute === 2 &&
        goals[0]?.home != null &&
        database.ok &&
        ready.ok,
      'the live match',
    );
    const [row] = await rowsOf(
      database.url,
      `SELECT home_score_display AS h, away_score_display AS a, score_version::int AS v FROM ts_matches`,
    );
    expect(facts.stored.matches.value).toMatchObject([
      {
        matchId: 'm1',
        home: HOSTILE,
        away: 'm1 away',
        score: [row?.h, row?.a],
        version: row?.v,
        status: MatchStatus.FirstHalf,
      },
    ]);
    expect(facts.stored.live.value).toMatchObject({
      count: 1,
      changesLastMinute: 2,
      lease: { fence: expect.any(Number) },
    });
    expect(facts.goals).toMatchObject([
      { matchId: 'm1', home: HOSTILE, kind: 'goal', side: 'home', score: [1, 0], version: 1, isCatchUp: false },
      { matchId: 'm1', kind: 'goal', side: 'away', score: [1, 1], version: 2, source: 'mqtt' },
    ]);
    expect(facts).toMatchObject({
      ws: '/ws',
      actor: null,
      database: { ok: true, error: null },
      ready: { ok: true, draining: false },
    });
    expect(facts.actions).toEqual(['stage', 'pin', 'redrive', 'sync', 'settlement', 'end-match']);
  });

  it('tell who asks again what is new, each thing once', async () => {
    const first = await host.facts();
    expect(first.isWhole).toBe(true);
    const next = await host.facts(SESSION, `?since=${first.nowMs}`);
    expect([next.isWhole, next.goals, next.feedHistory]).toEqual([false, [], []]);
    const kickoffMs = first.goals[0]?.atMs ?? 0;
    expect((await host.facts(SESSION, `?since=${kickoffMs}`)).goals).toEqual(first.goals);
    expect((await host.facts(SESSION, `?since=${kickoffMs + 1}`)).goals).toHaveLength(1);
    for (const wrong of ['?since=yesterday', '?since=', `?since=${first.nowMs + 60_000}`, '?since=1&since=2']) {
      expect((await host.facts(SESSION, wrong)).isWhole).toBe(true);
    }
  });

  it('keep a point of the series each five seconds', async () => {
    const { series } = await factsWhen(
      ({ series: { atMs, commitsPerS } }) => atMs.length > 1 && commitsPerS.some((value) => Number(value) > 0),
      'two points, one of them with the commits',
    );
    const { everyS, ...columns } = series;
    expect(everyS).toBe(5);
    expect(new Set(Object.values(columns).map((column) => column.length))).toEqual(new Set([series.atMs.length]));
    expect(Math.max(...series.commitsPerS.map(Number))).toBeGreaterThan(0);
    expect(series.p99Ms.some((value) => value !== null)).toBe(true);
  });

  it('have all that is known of a match on one axis', async () => {
    await runSql(
      database.url,
      `INSERT INTO livescore_announced (match_id, incident_key) VALUES ('m1', 'card-1');
       INSERT INTO livescore_foreign_write (match_id, version, mode, result, before) VALUES ('m1', 2, 'observe', 'passed', '{}');
       INSERT INTO livescore_settlement (prediction_id, is_shadow, revision, match_id, verdict, result, certainty, reason, cause,
         market, rule, rule_version, period, epoch, version, told, fingerprint, decided_at)
       VALUES (gen_random_uuid(), false, 1, 'm1', 'won', 'won', 1, 'goals', 'version', 'over', 'r', 1, 'match', 0, 2, true, 'f', now());
       INSERT INTO livescore_settlement_match (match_id, step, epoch, version, path, words, predictions, mode)
       VALUES ('m1', 1, 0, 2, '{}', '[{"atMs": 1, "says": "void", "by": "ada", "reason": null}]', 1, 'on');
       INSERT INTO livescore_dead_letter (reason, detail, match_id, topic, payload, received_at)
       VALUES ('malformed', 'no', 'm1', 'a', 'x', now())`,
    );
    const answer = await matchOf('m1');
    expect(answer).toMatchObject({
      matchId: 'm1',
      error: null,
      pin: { route: 'direct', by: 'ada', reason: null },
      row: { home: HOSTILE, isLive: true, version: 2 },
    });
    const lanes = answer.timeline.map(({ lane }) => lane);
    expect(new Set(lanes)).toEqual(new Set(['frame', 'version', 'announced', 'verdict', 'foreign', 'letter', 'word']));
    expect([...answer.timeline].sort((a, b) => a.atMs - b.atMs)).toEqual(answer.timeline);
    const versions = answer.timeline.filter(({ lane }) => lane === 'version');
    expect(versions).toMatchObject([
      { version: 1, source: 'mqtt', before: { status: 1, home: null }, after: { status: 2, home: 1, away: 0 } },
      { version: 2, before: { home: 1, away: 0 }, after: { home: 1, away: 1 }, isCatchUp: false, by: null },
    ]);
    expect(answer.timeline.filter(({ lane }) => lane === 'frame')).toHaveLength(3);
    const explained = JSON.parse((await host.ask(`${host.url}/livescore/explain/m1`, { headers: SESSION })).text);
    expect(answer.explanation).toEqual(explained);
  });

  it('know nothing of a match that is not there, and take no id that can be none', async () => {
    expect(await matchOf('nobody')).toMatchObject({ row: null, timeline: [], error: null });
    // Fastify itself takes no parameter that long
    const tooLong = await host.ask(`/match/${'x'.repeat(256)}`, { headers: SESSION });
    expect(tooLong.status).toBe(platform === 'express' ? 400 : 414);
    expect((await host.ask('/match/%00', { headers: SESSION })).status).toBe(400);
  });

  it.each([
    ['the begin of its id', 'm'.concat('1')],
    ['a part of the name of a team', 'M1 AW'],
  ])('find a match by %s', async (_what, text) => {
    const found = JSON.parse(await ask(`/search?text=${encodeURIComponent(text)}`)) as SearchAnswer;
    expect(found.matches).toMatchObject([{ matchId: 'm1', away: 'm1 away', score: [1, 1] }]);
  });

  it('find nothing for too short a text, and nothing that nobody is called', async () => {
    expect((await host.ask('/search?text=m', { headers: SESSION })).status).toBe(400);
    expect(JSON.parse(await ask(`/search?text=${encodeURIComponent("'; DROP--%_")}`))).toMatchObject({ matches: [] });
  });
});
