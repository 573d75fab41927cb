import { describe, expect, it } from '@jest/globals';
import { decideField, type LegacyRow } from '../../examples/legacy/decide-field.js';
import type { FieldUpdate } from '../../src/rollout/index.js';

const NOW_S = 1_795_436_000;

describe('decideField', () => {
  it.each<[what: string, row: LegacyRow, update: Partial<FieldUpdate>, accepted: boolean]>([
    ['display score from mqtt over api', score('api', 0), mqtt('home_score_display', 1), true],
    ['display score from mqtt over mqtt', score('mqtt', 0), mqtt('home_score_display', 1), true],
    ['display score from mqtt over NULL', {}, mqtt('home_score_display', 1), true],
    ['display score from mqtt, older and different', score('mqtt', 2, NOW_S), mqtt('home_score_display', 1, -60), true],
    ['display score from mqtt, older and the same', score('mqtt', 1, NOW_S), mqtt('home_score_display', 1, -60), false],
    ['display score from mqtt, later and the same', score('mqtt', 1, NOW_S - 1), mqtt('home_score_display', 1), true],
    ['display score from api over mqtt', score('mqtt', 0, NOW_S - 9_000), api('home_score_display', 1), false],
    ['display score from api over api', score('api', 0), api('home_score_display', 1), true],
    ['display score from api over NULL', {}, api('home_score_display', 1), true],
    ['display score from the watchdog over NULL', {}, from('watchdog', 'home_score_display', 1), false],
    [
      'display score from the watchdog over a value of nobody',
      score(null, 0),
      from('watchdog', 'home_score_display', 1),
      true,
    ],
    ['status from mqtt over api', status(2, 'api'), mqtt('status_id', 3), false],
    ['status from mqtt over mqtt', status(2, 'mqtt'), mqtt('status_id', 3), true],
    ['status from mqtt over NULL', {}, mqtt('status_id', 2), true],
    ['status from mqtt over the watchdog', status(2, 'watchdog'), mqtt('status_id', 3), true],
    ['status from mqtt over a value of nobody', status(2, null), mqtt('status_id', 3), true],
    ['status 8 from mqtt over api after 300 s', status(4, 'api', NOW_S - 300), mqtt('status_id', 8), false],
    ['status 8 from mqtt over api after 301 s', status(4, 'api', NOW_S - 301), mqtt('status_id', 8), true],
    ['status 9 from mqtt over api after 301 s', status(4, 'api', NOW_S - 301), mqtt('status_id', 9), false],
    ['status from api over mqtt', status(2, 'mqtt'), api('status_id', 3), true],
    ['status from api over api', status(2, 'api'), api('status_id', 3), true],
    ['status from the watchdog over api', status(2, 'api'), from('watchdog', 'status_id', 3), true],
    ['status from a computation over api', status(2, 'api'), from('computed', 'status_id', 3), false],
    ['status 8 → 5', status(8, 'api'), api('status_id', 5), false],
    ['status 8 → 7 by the watchdog', status(8, 'api'), from('watchdog', 'status_id', 7), false],
    ['status 8 → 11', status(8, 'api'), api('status_id', 11), true],
    ['status 13 → 8', status(13, 'api'), api('status_id', 8), true],
    ['status 2 → 1', status(2, 'api'), api('status_id', 1), false],
    ['status 9 → 1', status(9, 'api'), api('status_id', 1), false],
    ['status 4 → 2', status(4, 'api'), api('status_id', 2), true],
    ['status NULL', status(4, 'api'), api('status_id', null), false],
    ['display score NULL', score('api', 1), mqtt('home_score_display', null), true],
    ['minute from mqtt over NULL', {}, mqtt('minute', 10), false],
    ['minute from mqtt over a computed one', { minute: 9, minute_source: 'computed' }, mqtt('minute', 10), false],
    ['minute from mqtt over that of the api', { minute: 9, minute_source: 'api' }, mqtt('minute', 10), false],
    [
      'minute from a computation over that of the api',
      { minute: 9, minute_source: 'api' },
      from('computed', 'minute', 10),
      true,
    ],
    ['provider time from mqtt', { provider_update_time: '1' }, mqtt('provider_update_time', NOW_S), false],
    ['time of the last event from mqtt over NULL', {}, mqtt('last_event_ts', NOW_S), false],
    [
      'time of the last event from the watchdog',
      { last_event_ts: '1' },
      from('watchdog', 'last_event_ts', NOW_S),
      true,
    ],
    ['kick-off from api over NULL', {}, api('first_half_kickoff_ts', NOW_S), true],
    ['kick-off from api over a kick-off', { first_half_kickoff_ts: '1' }, api('first_half_kickoff_ts', NOW_S), false],
    ['kick-off from the watchdog over NULL', {}, from('watchdog', 'first_half_kickoff_ts', NOW_S), false],
    [
      'a column without a rule, from anybody',
      { home_score_regular: 1 },
      from('computed', 'home_score_regular', 0),
      true,
    ],
  ])('%s', (_what, row, update, accepted) => {
    expect(decideField(row, { priority: 3, timestamp: NOW_S, ...update } as FieldUpdate, NOW_S)).toBe(accepted);
  });
});

function score(source: string | null, value: number, timestamp = NOW_S - 10): LegacyRow {
  // bigint columns as the driver reads them
  return { home_score_display: value, home_score_source: source, home_score_timestamp: String(timestamp) };
}

function status(value: number, source: string | null, timestamp = NOW_S - 10): LegacyRow {
  return { status_id: value, status_id_source: source, status_id_timestamp: String(timestamp) };
}

function from(source: FieldUpdate['source'], field: string, value: unknown, ageS = 0): Partial<FieldUpdate> {
  return { field, value, source, timestamp: NOW_S + ageS };
}

function mqtt(field: string, value: unknown, ageS = 0): Partial<FieldUpdate> {
  return from('mqtt', field, value, ageS);
}

function api(field: string, value: unknown): Partial<FieldUpdate> {
  return from('api', field, value);
}
