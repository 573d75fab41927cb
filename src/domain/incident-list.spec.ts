import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldIncidents, incidentKey, MAX_INCIDENTS, type StoredIncident } from './incident-list.js';
import type { Incident } from './match-update.js';

const goal = (fields: Partial<Incident> = {}): Incident => ({
  type: 1,
  position: 1,
  time: 30,
  player_id: 'p1',
  home_score: 1,
  away_score: 0,
  ...fields,
});
const yellow = (fields: Partial<Incident> = {}): Incident => ({ type: 3, position: 2, time: 40, ...fields });

describe('incidentKey', () => {
  it.each<[string, StoredIncident, StoredIncident]>([
    ['type', goal(), goal({ type: 8 })],
    ['minute', goal(), goal({ time: 31 })],
    ['side', goal(), goal({ position: 2 })],
    ['player', goal(), goal({ player_id: 'p2' })],
    ['player name, without an id', yellow({ player_name: 'A' }), yellow({ player_name: 'B' })],
    ['running score: two goals of one side in one minute', goal(), goal({ home_score: 2 })],
    ['players of a substitution', yellow({ in_player_id: 'a' }), yellow({ out_player_id: 'a' })],
    ['no score and 0-0', yellow(), yellow({ home_score: 0, away_score: 0 })],
  ])('differs by %s', (_what, one, other) => {
    expect(incidentKey(one)).not.toBe(incidentKey(other));
  });

  it('does not depend on names beside an id, on assists or on reasons', () => {
    expect(incidentKey(goal({ player_name: 'A', assist1_id: 'p9', reason_type: 3 }))).toBe(incidentKey(goal()));
  });

  it('stays short enough for an index', () => {
    const long = '\u{1F600}'.repeat(200);
    const key = incidentKey(yellow({ player_id: long, in_player_id: long, out_player_id: long }));
    expect(Buffer.byteLength(key)).toBeLessThan(1_600);
  });
});

describe('foldIncidents', () => {
  it('takes the first list as it is, in order of minutes', () => {
    const incoming = [yellow(), goal()];
    expect(foldIncidents([], incoming)).toEqual({ list: [goal(), yellow()], fresh: incoming });
  });

  it('gives the stored array back when nothing differs, whichever part of it comes', () => {
    const stored = [goal(), yellow()];
    for (const incoming of [stored, [yellow()], []]) {
      const folded = foldIncidents(stored, incoming);
      expect(folded.list).toBe(stored);
      expect(folded.fresh).toEqual([]);
    }
  });

  it('keeps incidents that a later list no longer names', () => {
    expect(foldIncidents([goal()], [yellow()]).list).toEqual([goal(), yellow()]);
  });

  it('keeps the order of arrival within a minute', () => {
    const second = goal({ home_score: 2 });
    expect(foldIncidents([goal()], [second, yellow({ time: 30 })]).list).toEqual([
      goal(),
      second,
      yellow({ time: 30 }),
    ]);
  });

  it('counts an incident that one list names twice once', () => {
    expect(foldIncidents([], [yellow(), yellow()]).list).toEqual([yellow()]);
  });

  it('brings a known incident up to date without losing its fields, and it is not news', () => {
    const stored: StoredIncident[] = [{ ...goal({ assist1_id: 'p7' }), injury_time: 2 } as StoredIncident];
    const { list, fresh } = foldIncidents(stored, [goal({ player_name: 'A' })]);
    expect(list).toEqual([{ ...goal({ assist1_id: 'p7', player_name: 'A' }), injury_time: 2 }]);
    expect(fresh).toEqual([]);
  });

  it('a player named later completes the incident', () => {
    const { list, fresh } = foldIncidents([yellow()], [yellow({ player_id: 'p5' })]);
    expect(list).toEqual([yellow({ player_id: 'p5' })]);
    expect(fresh).toEqual([]);
  });

  it('an incident without its player is the known one', () => {
    const stored = [yellow({ player_id: 'p5' })];
    expect(foldIncidents(stored, [yellow()]).list).toBe(stored);
  });

  it('two named players are two incidents, and one nameless entry completes only one', () => {
    const { list, fresh } = foldIncidents([yellow()], [yellow({ player_id: 'p5' }), yellow({ player_id: 'p6' })]);
    expect(list).toEqual([yellow({ player_id: 'p5' }), yellow({ player_id: 'p6' })]);
    expect(fresh).toEqual([yellow({ player_id: 'p6' })]);
  });

  it('leaves a stored entry that its own key names to that entry', () => {
    const both = [yellow(), yellow({ player_id: 'p5' })];
    expect(foldIncidents(both, both).list).toBe(both);
  });

  it('tolerates stored entries of other shapes', () => {
    const foreign = [{ player_name: 'X' }, { time: '5', player_id: 7 }, { player_id: {} }] as StoredIncident[];
    expect(foldIncidents(foreign, [goal()]).list).toEqual([...foreign, goal()]);
  });

  it('an empty player id in a stored entry names nobody', () => {
    const stored = [{ ...yellow(), player_id: '', home_score: null } as unknown as StoredIncident];
    expect(foldIncidents(stored, [yellow()]).list).toBe(stored);
  });

  it('holds at most 500, and what does not fit is not news', () => {
    const many = Array.from({ length: MAX_INCIDENTS + 5 }, (_, time) => goal({ time }));
    const first = foldIncidents([], many);
    expect(first.list).toHaveLength(MAX_INCIDENTS);
    expect(first.fresh).toHaveLength(MAX_INCIDENTS);
    const again = foldIncidents(first.list, many);
    expect(again.list).toBe(first.list);
    expect(again.fresh).toEqual([]);
  });

  const incident = fc.record<Incident>(
    {
      type: fc.constantFrom(1, 3, 4, 9),
      position: fc.integer({ min: 0, max: 2 }),
      time: fc.integer({ min: 0, max: 4 }),
      player_id: fc.constantFrom('a', 'b'),
      home_score: fc.integer({ min: 0, max: 1 }),
    },
    { requiredKeys: ['type', 'position', 'time'] },
  );

  it('folding the same list again changes nothing and tells no news', () => {
    fc.assert(
      fc.property(fc.array(incident), fc.array(incident), (stored, incoming) => {
        const once = foldIncidents(foldIncidents([], stored).list, incoming);
        const twice = foldIncidents(once.list, incoming);
        expect(twice.fresh).toEqual([]);
        expect(twice.list).toBe(once.list);
      }),
    );
  });
});
