import { describe, expect, it } from '@jest/globals';
import { matchState, slots } from '../../test/support/committed-changes.js';
import { toMatchUpdate } from './field-updates.js';
import type { FieldUpdate } from './ports/legacy-orchestrator.js';

const NOW_MS = 1_768_666_900_500;
const AT_S = 1_768_666_899;
const field = (name: string, value: unknown, more: Partial<FieldUpdate> = {}): FieldUpdate => ({
  field: name,
  value,
  source: 'api',
  priority: 2,
  timestamp: AT_S,
  ...more,
});
const ROW = matchState({ home: [1, 1, 0, 2, 5, 0, 0], away: slots(1) });
const map = (...updates: FieldUpdate[]) => toMatchUpdate(ROW, updates, NOW_MS);

describe('field updates as one update', () => {
  it('keep the slots and the status that nothing is said about', () => {
    expect(map(field('home_score_display', 2))).toEqual({
      update: {
        matchId: ROW.matchId,
        source: 'api',
        delivery: 'pull',
        receivedAtMs: NOW_MS,
        requestedAtMs: AT_S * 1000,
        providerTimeS: null,
        score: { status: 4, home: [2, 1, 0, 2, 5, 0, 0], away: slots(1), periodKickoffS: null },
      },
      changing: ['home_score_display'],
      refused: new Map(),
    });
  });

  it('of the feed and of an operator are news of this moment', () => {
    for (const source of ['mqtt', 'admin'] as const) {
      const { update } = map(field('home_score_display', 2, { source }));
      expect(update).toMatchObject({ source, delivery: 'push', receivedAtMs: NOW_MS, requestedAtMs: null });
    }
  });

  it('of several sources claim no more than the weakest, at the earliest time', () => {
    const { update } = map(
      field('home_score_display', 2, { source: 'mqtt' }),
      field('status_id', 8, { source: 'watchdog', timestamp: AT_S - 5 }),
      field('trend_data', {}, { source: 'computed', timestamp: 1 }),
    );
    expect(update).toMatchObject({ source: 'watchdog', delivery: 'pull', requestedAtMs: (AT_S - 5) * 1000 });
    const unknown = map(field('status_id', 8, { source: 'sync' as 'api' }));
    expect(unknown.update).toMatchObject({ source: 'computed' });
  });

  it('never claim a time to come', () => {
    expect(map(field('status_id', 8, { timestamp: AT_S + 999 })).update?.requestedAtMs).toBe(NOW_MS);
  });

  it('carry the kick-off of the period, the provider time, incidents and statistics', () => {
    const row = matchState({ status: 3, kickoffs: { firstHalfS: 1, secondHalfS: null, overtimeS: null } });
    const { update, changing } = toMatchUpdate(
      row,
      [
        field('status_id', 4),
        field('second_half_kickoff_ts', '1768666800'),
        field('provider_update_time', AT_S),
        field('incidents', [{ type: 1, position: 1, time: 12, extra: 1 }, 'rubbish']),
        field('statistics', { corners: { home: 5, away: 3 }, unknown: 1 }),
      ],
      NOW_MS,
    );
    expect(update).toMatchObject({
      providerTimeS: AT_S,
      score: { status: 4, periodKickoffS: 1_768_666_800 },
      incidents: [{ type: 1, position: 1, time: 12 }],
      statistics: [{ type: 2, home: 5, away: 3 }],
    });
    expect(changing).toEqual([
      'status_id',
      'second_half_kickoff_ts',
      'incidents',
      'statistics',
      'provider_update_time',
    ]);
  });

  it('take raw statistics, too', () => {
    expect(map(field('statistics', [{ type: 25, home: 60, away: 40 }])).update?.statistics).toHaveLength(1);
  });

  it('with details alone say nothing about the score', () => {
    const { update } = map(field('incidents', [{ type: 3, position: 2, time: 60 }]));
    expect(update?.score).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ['minute', 68, 'derived'],
    ['ended', true, 'derived'],
    ['last_event_ts', AT_S, 'derived'],
    ['last_minute_update_ts', AT_S, 'derived'],
    ['home_score_source', 'api', 'derived'],
    ['status_id_timestamp', AT_S, 'derived'],
    ['trend_data', {}, 'not-ours'],
    ['home_team_id', 'x', 'not-ours'],
    ['match_time', AT_S, 'not-ours'],
    ['live_kickoff_time', AT_S, 'not-ours'],
    ['status_id', null, 'not-a-value'],
    ['status_id', 14, 'not-a-value'],
    ['home_score_display', null, 'not-a-value'],
    ['home_score_display', Number.NaN, 'not-a-value'],
    ['home_scores', [1, 2], 'not-a-value'],
    ['incidents', {}, 'not-a-value'],
    ['incidents', [], 'not-a-value'],
    ['statistics', { corners: 3 }, 'not-a-value'],
    ['provider_update_time', 'yesterday', 'not-a-value'],
    ['overtime_kickoff_ts', AT_S, 'other-period'],
  ])('leave out %s = %j: %s', (name, value, why) => {
    expect(map(field(name, value))).toEqual({ update: null, changing: [], refused: new Map([[name, why]]) });
  });

  it('leave a kick-off alone that the feed or the provider gave', () => {
    const row = matchState({ kickoffSources: { secondHalf: 'mqtt' } });
    const { refused } = toMatchUpdate(row, [field('second_half_kickoff_ts', AT_S)], NOW_MS);
    expect([...refused]).toEqual([['second_half_kickoff_ts', 'known']]);
  });

  it('of which one is left out keep the others', () => {
    const { update, changing, refused } = map(field('trend_data', {}), field('away_red_cards', 1));
    expect([update?.score?.away[2], changing, [...refused.keys()]]).toEqual([1, ['away_red_cards'], ['trend_data']]);
  });

  it('that repeat the row change nothing', () => {
    const { update, changing } = map(field('home_score_display', 1), field('status_id', 4));
    expect([update?.score, changing]).toEqual([
      { status: 4, home: ROW.home, away: ROW.away, periodKickoffS: null },
      [],
    ]);
  });
});
