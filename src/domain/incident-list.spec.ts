import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { incidentKey, MAX_INCIDENTS, replaceIncidents, type StoredIncident } from './incident-list.js';
import type { Incident } from './match-update.js';
import type { Slots } from './score.js';

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

const sub = (fields: Partial<Incident> = {}): Incident => ({
  type: 9,
  position: 1,
  time: 60,
  in_player_id: 'i1',
  ...fields,
});

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

const counted = (home: Partial<Record<number, number>> = {}, away: Partial<Record<number, number>> = {}) => {
  const slots = (counts: Partial<Record<number, number>>) =>
    [0, 1, 2, 3, 4, 5, 6].map((slot) => counts[slot] ?? 0) as unknown as Slots;
  return { home: slots(home), away: slots(away) };
};
const replace = (stored: readonly StoredIncident[], incoming: readonly Incident[], score = counted()) =>
  replaceIncidents(stored, incoming, score);

describe('replaceIncidents', () => {
  it('takes the first list as it is, in order of minutes', () => {
    const incoming = [yellow(), goal()];
    expect(replace([], incoming)).toMatchObject({
      list: [goal(), yellow()],
      fresh: incoming,
      corrected: [],
      withdrawn: [],
    });
  });

  it('gives the stored array back when nothing differs', () => {
    const stored = [goal(), yellow()];
    expect(replace(stored, stored).list).toBe(stored);
    expect(replace([], []).list).toEqual([]);
  });

  it('keeps the order of arrival within a minute', () => {
    const second = goal({ home_score: 2 });
    const late = yellow({ time: 30 });
    expect(replace([goal()], [second, late, goal()]).list).toEqual([goal(), second, late]);
  });

  it('counts an incident that one list names twice once', () => {
    expect(replace([], [yellow(), yellow()]).list).toEqual([yellow()]);
  });

  describe('what a newer list tells more of', () => {
    it('is brought up to date without losing its fields, and is not news', () => {
      const stored: StoredIncident[] = [{ ...goal({ assist1_id: 'p7' }), injury_time: 2 } as StoredIncident];
      const { list, fresh, corrected } = replace(stored, [goal({ player_name: 'A' })]);
      expect(list).toEqual([{ ...goal({ assist1_id: 'p7', player_name: 'A' }), injury_time: 2 }]);
      expect([fresh, corrected]).toEqual([[], []]);
    });

    it('is completed by a player named later', () => {
      const { list, fresh, corrected } = replace([yellow()], [yellow({ player_id: 'p5' })]);
      expect([list, fresh, corrected]).toEqual([[yellow({ player_id: 'p5' })], [], []]);
    });

    it('is the known one without its player', () => {
      const stored = [yellow({ player_id: 'p5' })];
      expect(replace(stored, [yellow()]).list).toBe(stored);
    });

    it('two named players are two incidents, and one nameless entry completes only one', () => {
      const both = [yellow({ player_id: 'p5' }), yellow({ player_id: 'p6' })];
      expect(replace([yellow()], both)).toMatchObject({ list: both, fresh: [both[1]], corrected: [] });
    });

    it('leaves a stored entry that its own key names to that entry', () => {
      const both = [yellow(), yellow({ player_id: 'p5' })];
      expect(replace(both, both).list).toBe(both);
    });
  });

  describe('what a newer list tells otherwise', () => {
    it.each<[string, Incident, Incident]>([
      ['the scorer', goal(), goal({ player_id: 'p2' })],
      ['the minute', goal(), goal({ time: 31 })],
      ['both, of the goal that made the score what it was', goal(), goal({ player_id: 'p2', time: 44 })],
      ['the booked player', yellow({ player_id: 'p5' }), yellow({ player_id: 'p6' })],
      ['a minute five minutes off', yellow({ player_id: 'p5' }), yellow({ player_id: 'p5', time: 45 })],
      ['the man who went off', sub({ out_player_id: 'o1' }), sub({ out_player_id: 'o2' })],
    ])('is corrected in place: %s', (_what, before, after) => {
      const { list, fresh, corrected, withdrawn } = replace([before], [after]);
      expect(list).toEqual([after]);
      expect([fresh, withdrawn]).toEqual([[], []]);
      expect(corrected).toEqual([{ before, after }]);
    });

    it.each<[string, Incident, Incident]>([
      ['type', yellow({ player_id: 'p5' }), yellow({ player_id: 'p5', type: 4 })],
      ['side', yellow({ player_id: 'p5' }), yellow({ player_id: 'p5', position: 1 })],
      ['a minute six minutes off', yellow({ player_id: 'p5' }), yellow({ player_id: 'p5', time: 46 })],
    ])('is another incident: %s', (_what, before, after) => {
      expect(replace([before], [after])).toMatchObject({
        list: [after],
        fresh: [after],
        withdrawn: [before],
        corrected: [],
      });
    });

    it('takes nothing from the player it was wrongly told of', () => {
      const before = goal({ player_name: 'A', assist1_id: 'p7' });
      expect(replace([before], [goal({ player_id: 'p2' })]).list).toEqual([goal({ player_id: 'p2' })]);
    });

    it('goes to the likeliest: the same score before the same player before the nearest minute', () => {
      const first = goal({ time: 30, home_score: 1 });
      const second = goal({ time: 32, home_score: 2 });
      const told = [
        goal({ time: 32, player_id: 'p8', home_score: 1 }),
        goal({ time: 30, player_id: 'p9', home_score: 2 }),
      ];
      expect(replace([first, second], told).corrected).toEqual([
        { before: first, after: told[0] },
        { before: second, after: told[1] },
      ]);
      const cards = [yellow({ player_id: 'a', time: 40 }), yellow({ player_id: 'b', time: 42 })];
      const moved = [yellow({ player_id: 'b', time: 41 }), yellow({ player_id: 'c', time: 43 })];
      expect(replace(cards, moved).corrected).toEqual([
        { before: cards[1], after: moved[0] },
        { before: cards[0], after: moved[1] },
      ]);
    });

    it('leaves a known incident alone while a second one comes', () => {
      const other = yellow({ player_id: 'p6', time: 41 });
      const known = yellow({ player_id: 'p5' });
      expect(replace([known], [known, other])).toMatchObject({ list: [known, other], fresh: [other], corrected: [] });
    });
  });

  describe('what a newer list no longer names', () => {
    const own = goal({ type: 17, position: 2, time: 50, home_score: 2 });

    it('is withdrawn when the score does not count it', () => {
      expect(replace([goal(), yellow()], [yellow()])).toMatchObject({
        list: [yellow()],
        withdrawn: [goal()],
      });
    });

    it('stays while the score counts it', () => {
      const { list, withdrawn } = replace([goal(), own], [goal()], counted({ 0: 2 }));
      expect([list, withdrawn]).toEqual([[goal(), own], []]);
    });

    it('stays as often as the score counts beyond the list, the oldest first', () => {
      const later = goal({ time: 60, home_score: 3 });
      const { list, withdrawn } = replace([goal(), own, later], [], counted({ 0: 1 }, { 0: 1 }));
      expect([list, withdrawn]).toEqual([[goal(), own], [later]]);
    });

    it('counts goals after extra time, never kicks of a shoot-out', () => {
      expect(replace([goal()], [], counted({ 0: 0, 5: 1 })).withdrawn).toEqual([]);
      expect(replace([goal()], [], counted({ 6: 4 })).withdrawn).toEqual([goal()]);
    });

    it.each<[string, Incident, ReturnType<typeof counted>, boolean]>([
      ['a yellow card that is counted', yellow(), counted({}, { 3: 1 }), true],
      ['a yellow card that the other side has', yellow(), counted({ 3: 1 }), false],
      ['a red card that is counted', yellow({ type: 4 }), counted({}, { 2: 1 }), true],
      ['a second yellow, counted as a red', yellow({ type: 15 }), counted({}, { 2: 1 }), true],
      ['a substitution', sub(), counted({ 0: 9, 2: 9, 3: 9 }, { 0: 9, 2: 9, 3: 9 }), false],
    ])('%s: stays is %p', (_what, incident, score, stays) => {
      expect(replace([incident], [], score).list).toHaveLength(stays ? 1 : 0);
    });

    it('is withdrawn where the row has no score', () => {
      expect(replaceIncidents([goal()], [], null).withdrawn).toEqual([goal()]);
    });

    it('includes entries of other shapes', () => {
      const foreign = [{ player_name: 'X' }, { time: '5', player_id: 7 }, { player_id: {} }] as StoredIncident[];
      expect(replace(foreign, [goal()])).toMatchObject({ list: [goal()], withdrawn: foreign });
    });
  });

  it('a stored entry without a minute is the first of the list', () => {
    const early = { type: 9, position: 1, in_player_id: 'i', time: 'soon' } as unknown as StoredIncident;
    const held = replace([early, goal()], [goal(), yellow()], counted({ 0: 1 })).withdrawn;
    expect(held).toEqual([early]);
    expect(
      replace([early], [goal({ type: 9, time: 3, player_id: undefined, in_player_id: 'i' })]).corrected,
    ).toHaveLength(1);
  });

  it('an empty player id in a stored entry names nobody', () => {
    const stored = [{ ...yellow(), player_id: '', home_score: null } as unknown as StoredIncident];
    expect(replace(stored, [yellow()]).list).toBe(stored);
  });

  it('holds at most 500, and what does not fit is not news', () => {
    const many = Array.from({ length: MAX_INCIDENTS + 5 }, (_, time) => goal({ time, home_score: time }));
    const first = replace([], many);
    expect([first.list.length, first.fresh.length]).toEqual([MAX_INCIDENTS, MAX_INCIDENTS]);
    const again = replace(first.list, many);
    expect(again.list).toBe(first.list);
    expect(again.fresh).toEqual([]);
  });

  const incident = fc.record<Incident>(
    {
      type: fc.constantFrom(1, 3, 4, 9),
      position: fc.integer({ min: 0, max: 2 }),
      time: fc.integer({ min: 0, max: 9 }),
      player_id: fc.constantFrom('a', 'b'),
      home_score: fc.integer({ min: 0, max: 1 }),
    },
    { requiredKeys: ['type', 'position', 'time'] },
  );
  const keys = (list: readonly StoredIncident[]) => new Set(list.map(incidentKey));

  it('replacing by the same list again changes nothing and tells no news', () => {
    fc.assert(
      fc.property(fc.array(incident), fc.array(incident), (stored, incoming) => {
        const once = replace(replace([], stored).list, incoming);
        const twice = replace(once.list, incoming);
        expect(twice).toMatchObject({ fresh: [], corrected: [], withdrawn: [] });
        expect(twice.list).toBe(once.list);
      }),
    );
  });

  it('without a score every list is what was sent last, as far as players are named, and nothing is told twice', () => {
    const named = incident.map((one) => ({ ...one, player_id: one.player_id ?? 'c' }));
    fc.assert(
      fc.property(fc.array(named), fc.array(named), (stored, incoming) => {
        const before = replace([], stored).list;
        const { list, fresh, corrected, withdrawn } = replace(before, incoming);
        expect(keys(list)).toEqual(keys(incoming));
        const told = [...fresh, ...corrected.map(({ after }) => after)].map(incidentKey);
        expect(new Set(told).size).toBe(told.length);
        for (const key of told) expect(keys(before).has(key)).toBe(false);
        expect(list.length).toBe(before.length + fresh.length - withdrawn.length);
      }),
    );
  });
});
