import { describe, expect, it } from '@jest/globals';
import type { StoredFixtureField } from '../ports/fixture-store.js';
import { FIXTURE_FIELDS } from './fixture-fields.js';
import { isRefused, readEntry } from './match-entry.js';

const NOW_S = 1_768_662_000;
const STORED_AS = { reference: 'text', text: 'text', integer: 'integer', boolean: 'boolean', scores: 'text' } as const;
const FIELDS: readonly StoredFixtureField[] = FIXTURE_FIELDS.map((field) => ({
  ...field,
  storedAs: field.column === 'match_time' ? 'bigint' : STORED_AS[field.kind],
  maxLength: field.column === 'agg_score' ? 50 : field.kind === 'integer' ? null : 255,
}));
const ZERO = [0, 0, 0, 0, 0, 0, 0];
const ENTRY = { id: 'l7oqdehg6ko3r51', match_time: NOW_S };

function read(fields: Readonly<Record<string, unknown>>) {
  const entry = readEntry({ ...ENTRY, ...fields }, FIELDS, NOW_S + 300);
  if (isRefused(entry)) throw new Error(entry.reason);
  return entry;
}

describe('an entry of a list of fixtures', () => {
  it('is read as the provider names its fields', () => {
    const entry = read({
      season_id: 's1',
      competition_id: 'c1',
      home_team_id: 'h1',
      away_team_id: 'a1',
      status_id: 2,
      venue_id: 'v1',
      referee_id: 'r1',
      neutral: 0,
      note: 'Derby',
      home_scores: [1, 0, 0, 2, -1, 0, 0],
      away_scores: ZERO,
      home_position: '3',
      away_position: '',
      coverage: { mlive: 1, lineup: 0 },
      round: { stage_id: 'st1', group_num: 0, round_num: 12 },
      related_id: '',
      agg_score: [1, 2],
      environment: { weather: 5, pressure: '757mmHg', temperature: '12°C', wind: '3m/s', humidity: '' },
      tbd: 0,
      has_ot: 1,
      team_reverse: 0,
      updated_at: NOW_S - 5,
      elo: { home: 1 },
    });
    expect(entry).toEqual({
      fixture: {
        matchId: 'l7oqdehg6ko3r51',
        updatedAtS: NOW_S - 5,
        values: {
          season_id: 's1',
          competition_id: 'c1',
          home_team_id: 'h1',
          away_team_id: 'a1',
          match_time: NOW_S,
          venue_id: 'v1',
          referee_id: 'r1',
          neutral: false,
          note: 'Derby',
          home_position: 3,
          coverage_mlive: true,
          coverage_lineup: false,
          stage_id: 'st1',
          group_num: 0,
          round_num: 12,
          agg_score: '[1,2]',
          environment_weather: '5',
          environment_pressure: '757mmHg',
          environment_temperature: '12°C',
          environment_wind: '3m/s',
          tbd: false,
          has_ot: true,
          team_reverse: false,
        },
      },
      matchTimeS: NOW_S,
      score: { status: 2, home: [1, 0, 0, 2, -1, 0, 0], away: ZERO, periodKickoffS: null },
      refused: [],
    });
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['nothing', undefined],
    ['an empty text', ''],
    ['blanks', '   '],
  ])('%s says nothing of a column', (_, note) => {
    expect(read({ note }).fixture.values).toEqual({ match_time: NOW_S });
  });

  it.each<[string, unknown]>([
    ['"0"', '0'],
    ['0', 0],
  ])('%s is the id of nobody', (_, venue_id) => {
    expect(read({ venue_id })).toMatchObject({ refused: [], fixture: { values: { match_time: NOW_S } } });
  });

  it.each<[string, unknown, string]>([
    ['venue_id', 7, 'venue_id: a text was expected, received number'],
    ['venue_id', 'x'.repeat(256), 'venue_id: a shorter text was expected, received string'],
    ['neutral', 'yes', 'neutral: 0 or 1 was expected, received string'],
    ['neutral', 2, 'neutral: 0 or 1 was expected, received number'],
    ['home_position', '1st', 'home_position: an integer was expected, received string'],
    ['home_position', 2 ** 31, 'home_position: a smaller number was expected, received number'],
    ['home_position', 1.5, 'home_position: an integer was expected, received number'],
    ['agg_score', [1, '2'], 'agg_score: a list of goals was expected, received a list'],
    ['note', { text: 'x' }, 'note: a text was expected, received object'],
    ['updated_at', 'soon', 'updated_at: a time up to now was expected'],
    ['updated_at', NOW_S + 301, 'updated_at: a time up to now was expected'],
  ])('a wrong %s of %p is left out, and nothing else', (field, value, reason) => {
    const entry = read({ [field]: value, competition_id: 'c1' });
    expect(entry.refused).toEqual([reason]);
    expect(entry.fixture.values).toEqual({ match_time: NOW_S, competition_id: 'c1' });
  });

  it.each<[string, unknown, string]>([
    ['id', undefined, 'id: no-id'],
    ['id', 318, 'id: id-not-text'],
    ['id', ' ', 'id: blank-id'],
    ['match_time', undefined, 'match_time: a time in seconds was expected'],
    ['match_time', '1768662000', 'match_time: a time in seconds was expected'],
    ['match_time', 0, 'match_time: a time in seconds was expected'],
  ])('without a sound %s (%p) there is no match', (field, value, reason) => {
    expect(readEntry({ ...ENTRY, [field]: value }, FIELDS, NOW_S)).toEqual({ reason });
  });

  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['is silent of it', {}, []],
    ['has empty lists', { status_id: 1, home_scores: [], away_scores: [] }, []],
    ['has no status', { home_scores: ZERO, away_scores: ZERO }, []],
    ['has a status that is none', { status_id: 14, home_scores: ZERO, away_scores: ZERO }, ['score: bad-status']],
    [
      'has slots as text',
      { status_id: 2, home_scores: [1, '0', 0, 0, 0, 0, 0], away_scores: ZERO },
      ['score: bad-slots'],
    ],
    [
      'has goals below zero',
      { status_id: 2, home_scores: [-1, 0, 0, 0, 0, 0, 0], away_scores: ZERO },
      ['score: negative-goals'],
    ],
  ])('an entry that %s has no score, and is a fixture all the same', (_, fields, refused) => {
    expect(read(fields)).toMatchObject({ score: null, refused });
  });
});
