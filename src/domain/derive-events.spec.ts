import { describe, expect, it } from '@jest/globals';
import { freshMatch, slots } from '../../test/support/history.js';
import { announcesGoals, deriveEvents, deriveForeignEvents, isGoalIncident } from './derive-events.js';
import type { MatchEvent } from './match-event.js';
import type { MatchState } from './match-state.js';
import type { MatchStatus } from './match-status.js';
import type { Incident } from './match-update.js';
import { displayScore, goals, type Slots } from './score.js';

/** A match of that score whose goals have all been announced. */
function told(home: Slots, away: Slots, changes: Partial<MatchState> = {}): MatchState {
  return freshMatch({
    status: 4,
    home,
    away,
    announced: { home: goals(home), away: goals(away) },
    shown: { home: displayScore(home), away: displayScore(away) },
    ...changes,
  });
}

const goalIncident = (position: number, time: number, home: number, away: number, more: Partial<Incident> = {}) => ({
  type: 1,
  position,
  time,
  home_score: home,
  away_score: away,
  ...more,
});

/** `home 1-0`, `-home 0-0` for a cancellation; everything else by its type. */
const brief = (events: readonly MatchEvent[]): string[] =>
  events.map((event) => {
    if (event.type === 'goal') return `${event.side} ${event.homeScore}-${event.awayScore}`;
    if (event.type === 'goal-cancelled') return `-${event.side} ${event.homeScore}-${event.awayScore}`;
    return event.type;
  });

describe('goals', () => {
  it('a goal carries the running score and the incident that names the scorer', () => {
    const scorer = goalIncident(2, 67, 1, 1, { player_id: 'p9', player_name: 'Nine' });
    expect(deriveEvents(told(slots(1), slots(0)), told(slots(1), slots(1)), [scorer])).toEqual([
      { type: 'goal', side: 'away', homeScore: 1, awayScore: 1, time: 67, playerId: 'p9', playerName: 'Nine' },
      { type: 'score-changed', homeScore: 1, awayScore: 1 },
    ]);
  });

  it.each<[string, Incident[]]>([
    ['none is known', []],
    ['they belong to another score', [goalIncident(1, 10, 3, 0)]],
    ['they belong to the other side', [goalIncident(2, 10, 1, 0)]],
    ['they are no goals', [goalIncident(1, 10, 1, 0, { type: 3 })]],
  ])('without an incident the scorer is null: %s', (_, incidents) => {
    const [goal] = deriveEvents(told(slots(0), slots(0)), told(slots(1), slots(0)), incidents);
    expect(goal).toMatchObject({ type: 'goal', side: 'home', time: null, playerId: null, playerName: null });
  });

  it('goals folded into one commit are one event each, home first when nothing tells the order', () => {
    const events = deriveEvents(told(slots(0), slots(0)), told(slots(2), slots(1)), []);
    expect(brief(events)).toEqual(['home 1-0', 'home 2-0', 'away 2-1', 'score-changed']);
  });

  it('goals folded into one commit follow the running score of the incidents', () => {
    const incidents = [goalIncident(2, 3, 0, 1), goalIncident(1, 5, 1, 1), goalIncident(2, 6, 1, 2)];
    const events = deriveEvents(told(slots(0), slots(0)), told(slots(1), slots(2)), incidents);
    expect(brief(events)).toEqual(['away 0-1', 'home 1-1', 'away 1-2', 'score-changed']);
    expect(events.flatMap((event) => (event.type === 'goal' ? [event.time] : []))).toEqual([3, 5, 6]);
  });

  it('the newest of two incidents with one running score names the scorer: the earlier goal was annulled', () => {
    const incidents = [goalIncident(1, 20, 1, 0), goalIncident(1, 33, 1, 0)];
    const [goal] = deriveEvents(told(slots(0), slots(0)), told(slots(1), slots(0)), incidents);
    expect(goal).toMatchObject({ time: 33 });
  });

  it.each([
    [1, true],
    [8, true],
    [17, true],
    [3, false],
    [28, false],
  ])('an incident of type %d is a goal: %s', (type, expected) => {
    expect(isGoalIncident({ type, position: 1, time: 1 })).toBe(expected);
  });

  it('are counted from what was announced, not from what the row said: nothing twice, nothing missed', () => {
    const foreign = told(slots(2), slots(0), { announced: { home: 1, away: 0 } });
    expect(brief(deriveEvents(foreign, told(slots(2), slots(0)), []))).toEqual(['home 2-0']);
    const fallen = told(slots(0), slots(0), { announced: { home: 1, away: 0 } });
    expect(brief(deriveEvents(fallen, told(slots(1), slots(0)), []))).toEqual(['score-changed']);
  });
});

describe('what is no news', () => {
  const WHISTLE = 1_768_668_000;
  const over = (home: Slots, away: Slots, changes: Partial<MatchState> = {}) =>
    told(home, away, { status: 8, reached: 4, statusSinceS: WHISTLE, ...changes });
  const change = (before: MatchState, after: MatchState, atS: number) =>
    brief(deriveEvents(before, { ...after, scoreSourceAtS: atS }, []));

  it('a goal or a cancellation more than 20 minutes after the end changes the score only', () => {
    const [two, one] = [over(slots(2), slots(0)), over(slots(1), slots(0))];
    expect(change(one, two, WHISTLE + 1_200)).toEqual(['home 2-0', 'score-changed']);
    expect(change(one, two, WHISTLE + 1_201)).toEqual(['score-changed']);
    expect(change(two, one, WHISTLE + 1_200)).toEqual(['-home 1-0', 'score-changed']);
    expect(change(two, one, WHISTLE + 1_201)).toEqual(['score-changed']);
    expect(announcesGoals(two, { ...one, scoreSourceAtS: WHISTLE + 1_201 })).toBe(false);
  });

  it('nobody knows how long an end of unknown age is over', () => {
    const unknown = over(slots(1), slots(0), { statusSinceS: null });
    expect(change(unknown, over(slots(2), slots(0)), WHISTLE + 9_999)).toContain('home 2-0');
    expect(brief(deriveEvents(over(slots(1), slots(0)), over(slots(2), slots(0)), []))).toContain('home 2-0');
  });

  it('what a match back in play brings is news again', () => {
    const back = told(slots(2), slots(0), { status: 5, reached: 5 });
    expect(change(over(slots(1), slots(0)), back, WHISTLE + 9_999)).toContain('home 2-0');
  });

  it('the goals of a match first seen after its end', () => {
    const fixture = told(slots(0), slots(0), { status: 1 });
    const result = told(slots(3), slots(0), { status: 8 });
    expect(change(fixture, result, WHISTLE)).toEqual(['state-changed', 'full-time', 'score-changed']);
    expect(change(result, told(slots(4), slots(0), { status: 8 }), WHISTLE)).toEqual(['score-changed']);
    expect(change(fixture, told(slots(1), slots(0), { status: 4, reached: 4 }), WHISTLE)).toContain('home 1-0');
  });

  it('the goals of a match that begins again: it begins at 0-0', () => {
    const broken = told(slots(2), slots(1), { status: 10, reached: 4 });
    const again = (away: Slots) => told(slots(0), away, { status: 2, reached: 2 });
    expect(change(broken, again(slots(0)), WHISTLE)).toEqual(['state-changed', 'kick-off', 'score-changed']);
    expect(change(broken, again(slots(1)), WHISTLE)).toEqual([
      'state-changed',
      'kick-off',
      'away 0-1',
      'score-changed',
    ]);
  });

  it('more than the last five goals, and the last five cancellations, of one commit', () => {
    const [none, many] = [told(slots(0), slots(0)), told(slots(4), slots(3))];
    expect(brief(deriveEvents(none, many, []))).toEqual([
      'home 3-0',
      'home 4-0',
      'away 4-1',
      'away 4-2',
      'away 4-3',
      'score-changed',
    ]);
    expect(brief(deriveEvents(many, none, []))).toEqual([
      '-home 1-3',
      '-home 0-3',
      '-away 0-2',
      '-away 0-1',
      '-away 0-0',
      'score-changed',
    ]);
  });
});

describe('cancelled goals', () => {
  it('tell the score before and after', () => {
    expect(deriveEvents(told(slots(2), slots(1)), told(slots(1), slots(1)), [])).toEqual([
      {
        type: 'goal-cancelled',
        side: 'home',
        homeScore: 1,
        awayScore: 1,
        previousHomeScore: 2,
        previousAwayScore: 1,
      },
      { type: 'score-changed', homeScore: 1, awayScore: 1 },
    ]);
  });

  it('two of them are two events with running scores', () => {
    const events = deriveEvents(told(slots(1), slots(2)), told(slots(1), slots(0)), []);
    expect(brief(events)).toEqual(['-away 1-1', '-away 1-0', 'score-changed']);
  });

  it('come before a goal of the other side in the same commit', () => {
    expect(brief(deriveEvents(told(slots(1), slots(0)), told(slots(0), slots(1)), []))).toEqual([
      '-home 0-0',
      'away 0-1',
      'score-changed',
    ]);
    expect(brief(deriveEvents(told(slots(0), slots(1)), told(slots(1), slots(0)), []))).toEqual([
      '-away 0-0',
      'home 1-0',
      'score-changed',
    ]);
  });

  it('a goal cancelled and scored again inside one fold is no news', () => {
    expect(deriveEvents(told(slots(1), slots(0)), told(slots(1), slots(0)), [])).toEqual([]);
  });
});

describe('extra time and shoot-out', () => {
  it('entering extra time is no goal, a goal in it is one', () => {
    const entered = told(slots(1, { et: 1 }), slots(1, { et: 1 }), { status: 5 });
    expect(brief(deriveEvents(told(slots(1), slots(1)), entered, []))).toEqual(['state-changed', 'kick-off']);
    const scored = told(slots(1, { et: 2 }), slots(1, { et: 1 }), { status: 5 });
    expect(brief(deriveEvents(entered, scored, []))).toEqual(['home 2-1', 'score-changed']);
  });

  it('a shoot-out goal changes the score and is never a goal', () => {
    const before = told(slots(2), slots(2), { status: 7 });
    const after = told(slots(2, { pens: 1 }), slots(2), { status: 7 });
    expect(deriveEvents(before, after, [goalIncident(1, 120, 3, 2)])).toEqual([
      { type: 'score-changed', homeScore: 3, awayScore: 2 },
    ]);
  });

  it('a goal folded with the first kicks does not show the kicks yet', () => {
    const before = told(slots(1, { et: 1 }), slots(1, { et: 1 }), { status: 5 });
    const after = told(slots(1, { et: 2 }), slots(1, { et: 2, pens: 1 }), { status: 7 });
    expect(brief(deriveEvents(before, after, []))).toEqual(['state-changed', 'home 2-1', 'away 2-2', 'score-changed']);
  });
});

describe('state', () => {
  it.each<[MatchStatus, MatchStatus, string[]]>([
    [1, 2, ['state-changed', 'kick-off']],
    [2, 3, ['state-changed', 'half-time']],
    [3, 4, ['state-changed', 'kick-off']],
    [8, 5, ['state-changed', 'kick-off']],
    [8, 7, ['state-changed']],
    [4, 8, ['state-changed', 'full-time']],
    [4, 10, ['state-changed']],
    [4, 4, []],
  ])('%d → %d says %j', (from, to, expected) => {
    const events = deriveEvents(
      told(slots(0), slots(0), { status: from }),
      told(slots(0), slots(0), { status: to }),
      [],
    );
    expect(brief(events)).toEqual(expected);
    if (from !== to) expect(events[0]).toEqual({ type: 'state-changed', from, to });
    if (expected.includes('kick-off')) expect(events[1]).toEqual({ type: 'kick-off', period: to });
  });

  it('comes before the goal that the same commit brings', () => {
    const events = deriveEvents(told(slots(0), slots(0)), told(slots(1), slots(0), { status: 8 }), []);
    expect(brief(events)).toEqual(['state-changed', 'full-time', 'home 1-0', 'score-changed']);
  });

  it('a minute is told when it is another one, never when it is gone', () => {
    const at = (minute: number | null) => told(slots(0), slots(0), { minute });
    expect(deriveEvents(at(60), at(61), [])).toEqual([{ type: 'minute-changed', minute: 61 }]);
    expect(deriveEvents(at(null), at(1), [])).toEqual([{ type: 'minute-changed', minute: 1 }]);
    expect(deriveEvents(at(61), at(61), [])).toEqual([]);
    expect(deriveEvents(at(61), at(null), [])).toEqual([]);
  });
});

describe('red cards', () => {
  it('one event per side with the count, none for a card taken back', () => {
    const before = told(slots(0), slots(0, { red: 1 }));
    const after = told(slots(0, { red: 1 }), slots(0, { red: 2 }));
    expect(deriveEvents(before, after, [])).toEqual([
      { type: 'red-card', side: 'home', count: 1 },
      { type: 'red-card', side: 'away', count: 2 },
    ]);
    expect(deriveEvents(after, before, [])).toEqual([]);
  });
});

describe('a change by somebody else', () => {
  it('tells state and score, never a goal, a card or a minute', () => {
    const before = told(slots(2), slots(0));
    const after = told(slots(0), slots(1, { red: 1 }), { status: 8, minute: 90 });
    expect(brief(deriveForeignEvents(before, after))).toEqual(['state-changed', 'full-time', 'score-changed']);
    expect(deriveForeignEvents(before, { ...before, version: 9 })).toEqual([]);
  });
});
