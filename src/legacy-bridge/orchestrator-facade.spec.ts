import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { hostModule, LegacyCallersApp } from '../../test/rollout/legacy-callers-app.js';
import { slots, KICKOFF_S as T } from '../../test/support/history.js';
import { guardAgainstLeaks } from '../../test/support/leak-guard.js';
import { type MatchRoute, MatchRouter } from '../contracts/match-router.js';
import type { MatchState } from '../domain/match-state.js';
import type { FieldUpdate } from './ports/legacy-orchestrator.js';
import { LegacyOrchestrator } from './ports/legacy-orchestrator.js';

guardAgainstLeaks();

const ALL_REJECTED = 'All updates rejected by conflict resolution rules';
const LIVE: Partial<MatchState> = {
  status: 2,
  home: slots(1, { corners: 3 }),
  away: slots(1),
  statusSource: 'api',
  scoreSource: 'api',
  statusSinceS: T,
  scoreSourceAtS: T,
  reached: 2,
  kickoffs: { firstHalfS: T, secondHalfS: null, overtimeS: null },
  kickoffSources: { firstHalf: 'api' },
};

let app: LegacyCallersApp;
beforeEach(async () => {
  app = await LegacyCallersApp.start();
});
afterEach(async () => {
  expect(app.unaccounted()).toBe(0);
  await app.stop();
});

const success = (...fieldsUpdated: string[]) => ({ status: 'success', fieldsUpdated });
const rejected = (reason: string) => ({ status: 'rejected', reason });

describe('updateMatch: the documented cases', () => {
  it('a match without a row is rejected, and nothing is kept of it', async () => {
    expect(await app.call({ home_score_display: 1 })).toEqual(rejected('Match not found in database'));
    app.store.insert('m', LIVE);
    await app.call({ status_id: 2 });
    expect(app.row().version).toBe(0);
  });

  it('a written update lists the columns that changed, after the commit', async () => {
    app.store.insert('m', LIVE);
    expect(await app.call({ home_score_display: 2, home_score_regular: 2, status_id: 2, minute: 11 })).toEqual(
      success('home_score_regular', 'home_score_display'),
    );
    expect(app.row()).toMatchObject({ version: 1, home: slots(2, { corners: 3 }), away: slots(1), status: 2 });
  });

  it('nothing that differs is rejected by the rules', async () => {
    app.store.insert('m', LIVE);
    expect(await app.call({ home_score_display: 1, status_id: 2 })).toEqual(rejected(ALL_REJECTED));
    expect(await app.call({})).toEqual(rejected(ALL_REJECTED));
  });

  it('what can never be written is an internal error, not a throw', async () => {
    app.store.insert('m', LIVE);
    app.store.poison('m', '22P02');
    expect(await app.call({ home_score_display: 2 })).toEqual(
      rejected('Internal error: the update cannot be written (cannot-be-written)'),
    );
  });

  it.each<[string, unknown, unknown, string]>([
    ['no id', '', [], 'not a match id (blank-id)'],
    ['a number as an id', 4_242, [], 'not a match id (id-not-text)'],
    ['no list', 'm', null, 'updates must be an array'],
    ['no object in it', 'm', ['status_id'], 'every update must be an object'],
    ['no field name', 'm', [{ value: 1, timestamp: 1 }], 'every update must name its field'],
    [
      'a fractional time',
      'm',
      [{ field: 'status_id', value: 2, source: 'api', priority: 1, timestamp: 1_795_436_109.958 }],
      'timestamp of status_id must be an integer (unix seconds), received 1795436109.958',
    ],
  ])('%s is refused by name', async (_, matchId, updates, reason) => {
    app.store.insert('m', LIVE);
    const answer = await app.orchestrator.updateMatch(matchId as string, updates as FieldUpdate[], 'a-job');
    expect(answer).toEqual(rejected(`Internal error: ${reason}`));
  });

  it('ids are opaque text, also when they look like numbers', async () => {
    app.store.insert('00042', LIVE);
    const update = {
      field: 'home_score_display',
      value: 2,
      source: 'api',
      priority: 1,
      timestamp: app.nowS(),
    } as const;
    expect(await app.orchestrator.updateMatch('00042', [update], 'a-job')).toEqual(success('home_score_display'));
  });

  it('columns of other writers are refused by name, alone or beside others', async () => {
    app.store.insert('m', LIVE);
    const reason = 'Not written by the direct path: trend_data (not-ours), home_team_id (not-ours)';
    expect(await app.call({ trend_data: {}, home_team_id: 'x' })).toEqual(rejected(reason));
    expect(await app.call({ home_score_display: 2, trend_data: {}, home_team_id: 'x' })).toEqual({
      ...success('home_score_display'),
      reason,
    });
  });
});

/** Row, what is sent by whom, and what becomes of it. The last column: the original's answer, where ours differs. */
type Case = [
  about: string,
  row: Partial<MatchState>,
  fields: Record<string, string | number | null | object>,
  source: 'api' | 'mqtt' | 'watchdog' | 'computed' | 'admin',
  answer: 'success' | 'rejected',
  originally?: string,
];

const ENDED: Partial<MatchState> = { ...LIVE, status: 8, reached: 4, home: slots(2), statusSinceS: T - 3_600 };

describe('updateMatch: the rules of the fields', () => {
  it.each<Case>([
    ['write-once: a kick-off the row has', LIVE, { first_half_kickoff_ts: T + 5 }, 'api', 'rejected'],
    [
      'a kick-off estimate',
      { ...LIVE, kickoffSources: {} },
      { first_half_kickoff_ts: T + 5 },
      'api',
      'success',
      'skipped',
    ],
    ['terminal → live', ENDED, { status_id: 2 }, 'api', 'rejected'],
    ['terminal → live, from the feed', ENDED, { status_id: 4 }, 'mqtt', 'rejected'],
    ['8 → 5 outside 20 minutes', ENDED, { status_id: 5 }, 'api', 'rejected'],
    [
      '8 → 5 within 20 minutes',
      { ...ENDED, statusSinceS: T + 300 },
      { status_id: 5 },
      'api',
      'success',
      'blocked: extra time never appeared',
    ],
    ['terminal → terminal', ENDED, { status_id: 12 }, 'api', 'success'],
    ['live → not started', LIVE, { status_id: 1 }, 'api', 'rejected'],
    ['a later status from the api', LIVE, { status_id: 3 }, 'api', 'success'],
    [
      'a later status from the feed',
      LIVE,
      { status_id: 3 },
      'mqtt',
      'success',
      'rejected while the api wrote the status',
    ],
    [
      'an earlier status from the api',
      { ...LIVE, status: 4, reached: 4 },
      { status_id: 2 },
      'api',
      'rejected',
      'accepted',
    ],
    ['the end, forced by the watchdog', { ...LIVE, status: 4, reached: 4 }, { status_id: 8 }, 'watchdog', 'success'],
    ['a score from the feed', LIVE, { home_score_display: 2 }, 'mqtt', 'success'],
    ['a score from the api over the api', LIVE, { home_score_display: 2 }, 'api', 'success'],
    [
      'a score from the api over a silent feed',
      { ...LIVE, scoreSource: 'mqtt', seenAtMs: T * 1000 },
      { home_score_display: 2 },
      'api',
      'success',
      'never accepted',
    ],
    [
      'a score from the api over a fresh feed',
      { ...LIVE, scoreSource: 'mqtt', seenAtMs: (T + 590) * 1000 },
      { home_score_display: 2 },
      'api',
      'rejected',
    ],
    [
      'the same, by an operator',
      { ...LIVE, scoreSource: 'mqtt', seenAtMs: (T + 590) * 1000 },
      { home_score_display: 2 },
      'admin',
      'success',
    ],
    ['a score that falls while live', LIVE, { home_score_display: 0 }, 'mqtt', 'success'],
    [
      'a score that falls after the end, from the feed',
      ENDED,
      { home_score_display: 1 },
      'mqtt',
      'rejected',
      'accepted',
    ],
    [
      'an older provider time',
      { ...LIVE, providerTimeS: T + 60 },
      { home_score_display: 2, provider_update_time: T },
      'api',
      'rejected',
      'accepted',
    ],
    ['NULL for the status', LIVE, { status_id: null }, 'api', 'rejected'],
    ['NULL for a score', LIVE, { home_score_display: null }, 'api', 'rejected', 'written over the score'],
    ['a minute', LIVE, { minute: 12 }, 'computed', 'rejected', 'written by the minute job'],
    ['the time of the last event alone', LIVE, { last_event_ts: T + 600 }, 'api', 'rejected', 'accepted'],
    ['a provider time alone', LIVE, { provider_update_time: T + 600 }, 'api', 'rejected', 'accepted'],
    ['regular scores', LIVE, { home_score_regular: 2 }, 'api', 'success'],
  ])('%s', async (_, row, fields, source, status) => {
    app.store.insert('m', row);
    expect(await app.call(fields, source)).toMatchObject({ status });
    expect(app.row().version).toBe(status === 'success' ? 1 : 0);
  });

  it('an accepted end keeps the last minute, where the original erased it', async () => {
    app.store.insert('m', { ...LIVE, status: 4, reached: 4, minute: 90 });
    expect(await app.call({ status_id: 8 }, 'api')).toEqual(success('status_id'));
    expect(app.row()).toMatchObject({ status: 8, minute: 90 });
  });

  it('incidents, which the original lost together with their score, need the module that keeps them', async () => {
    app.store.insert('m', LIVE);
    const incidents = [{ type: 3, position: 1, time: 11 }];
    expect(await app.call({ incidents })).toEqual(
      rejected('Incidents and statistics are not kept: MatchDetailsModule is not imported'),
    );
  });
});

describe('updateMatch beside the feed', () => {
  it('lays its fields over what was accepted and is not written yet', async () => {
    app.store.insert('m', LIVE);
    await app.framed({ status: 2, home: slots(1, { corners: 3 }), away: slots(1) });
    const release = app.store.hold('write');
    app.frame({ status: 2, home: slots(2, { corners: 4 }), away: slots(1) });
    const answer = app.call({ status_id: 3 }, 'mqtt');
    release();
    expect(await answer).toEqual(success('status_id'));
    expect(app.row()).toMatchObject({ status: 3, home: slots(2, { corners: 4 }) });
  });

  it('waits for the row with the frames that came first, and is laid over them', async () => {
    app.store.insert('m', LIVE);
    const release = app.store.hold('load');
    app.frame({ status: 2, home: slots(2, { corners: 4 }), away: slots(1) });
    const answers = [app.call({ status_id: 3 }, 'mqtt'), app.call({ away_red_cards: 1 }, 'mqtt')];
    release();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(['success', 'success']);
    expect(app.row()).toMatchObject({ status: 3, home: slots(2, { corners: 4 }), away: slots(1, { red: 1 }) });
  });

  it('that was overtaken before the write is a success: what it says is contained in what was written', async () => {
    app.store.insert('m', LIVE);
    await app.framed({ status: 2, home: slots(1, { corners: 3 }), away: slots(1) });
    const release = app.store.hold('write');
    app.frame({ status: 2, home: slots(1, { corners: 4 }), away: slots(1) });
    const answer = app.call({ home_score_display: 2 }, 'mqtt');
    app.frame({ status: 2, home: slots(3, { corners: 4 }), away: slots(1) });
    release();
    expect(await answer).toEqual(success('home_score_display'));
  });

  it('answers retry when the row or the write hangs, and tells who asked', async () => {
    const heard: unknown[] = [];
    app.orchestrator.on('match:update:retry', (event) => heard.push(event));
    app.store.insert('m', LIVE);
    for (const operation of ['load', 'write'] as const) {
      const release = app.store.hold(operation);
      const answer = await app.call({ home_score_display: 2 });
      release();
      expect(answer).toEqual({ status: 'retry', reason: 'Not written in time - it may still be' });
    }
    expect(heard).toMatchObject([
      { matchId: 'm', source: 'a-job' },
      { matchId: 'm', source: 'a-job' },
    ]);
  });
});

describe('the rest of the call shape', () => {
  it('health is that of the writer', async () => {
    expect(await app.orchestrator.healthCheck()).toEqual({ healthy: true, redis: true });
  });

  it('statistics tell the listeners, and shutdown removes them', async () => {
    const listener = jest.fn();
    app.orchestrator.on('match:updated', listener).once('match:updated', listener);
    expect(app.orchestrator.getStats()).toEqual({
      redisStats: null,
      eventListeners: [{ event: 'match:updated', listeners: 2 }],
    });
    await app.orchestrator.shutdown();
    expect(app.orchestrator.listenerCount('match:updated')).toBe(0);
  });

  it('the minute is that of the package', async () => {
    const row = { status_id: 2, first_half_kickoff_ts: String(T), match_time: T };
    expect(await app.orchestrator.calculateMinute('m', row)).toEqual({
      field: 'minute',
      value: 11,
      source: 'computed',
      priority: 1,
      timestamp: T + 600,
    });
    expect(await app.orchestrator.calculateMinute('m', { status_id: 8 })).toBeNull();
  });
});

describe('while the rollout runs', () => {
  class Routes extends MatchRouter {
    readonly active = true;
    constructor(
      private readonly route: MatchRoute,
      private readonly moving: boolean,
    ) {
      super();
    }
    override submit(...[updates, receipt, direct]: Parameters<MatchRouter['submit']>): void {
      direct.submit(updates, receipt);
    }
    override routeOf(): MatchRoute {
      return this.route;
    }
    override isMoving(): boolean {
      return this.moving;
    }
  }
  class Original extends LegacyOrchestrator {
    readonly calls: unknown[][] = [];
    listener: ((event: never) => void) | undefined;
    override async updateMatch(...call: Parameters<LegacyOrchestrator['updateMatch']>) {
      this.calls.push(call);
      return { status: 'success' as const, fieldsUpdated: ['status_id'] };
    }
    override on(_: 'match:updated', listener: (event: never) => void) {
      this.listener = listener;
    }
  }
  const startOn = async (route: MatchRoute, original?: LegacyOrchestrator, moving = false) => {
    const router = { provide: MatchRouter, useValue: new Routes(route, moving) };
    await app.stop();
    app = await LegacyCallersApp.start(
      hostModule(router, ...(original ? [{ provide: LegacyOrchestrator, useValue: original }] : [])),
    );
    app.store.insert('m', LIVE);
  };

  it.each(['legacy', 'shadow'] as const)('a match in %s goes to the original, as it came', async (route) => {
    const original = new Original();
    await startOn(route, original);
    expect(await app.call({ trend_data: {} })).toEqual(success('status_id'));
    expect(original.calls).toEqual([
      ['m', [{ field: 'trend_data', value: {}, source: 'api', priority: 2, timestamp: app.nowS() }], 'a-job'],
    ]);
    expect(app.row().version).toBe(0);
  });

  it('a direct match does not', async () => {
    const original = new Original();
    await startOn('direct', original);
    expect(await app.call({ status_id: 3 })).toEqual(success('status_id'));
    expect(original.calls).toEqual([]);
  });

  it.each(['legacy', 'direct'] as const)('a match on its way to the %s path is to be tried again', async (route) => {
    const original = new Original();
    await startOn(route, original, true);
    expect(await app.call({ status_id: 3 })).toEqual({
      status: 'retry',
      reason: 'The match is moving between the legacy and the direct path',
    });
    expect([original.calls, app.row().version]).toEqual([[], 0]);
  });

  it('without the original, matches of the legacy path are refused', async () => {
    await startOn('legacy');
    expect(await app.call({ status_id: 3 })).toEqual(
      rejected('The match is on the legacy path, and no LegacyOrchestrator is bound'),
    );
  });

  it('an original that throws is an internal error', async () => {
    const original = new Original();
    original.updateMatch = () => Promise.reject(new Error('redis is gone'));
    await startOn('legacy', original);
    expect(await app.call({ status_id: 3 })).toEqual(rejected('Internal error: redis is gone'));
  });
});
