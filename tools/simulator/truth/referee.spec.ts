import { describe, expect, it } from '@jest/globals';
import { MatchStatus } from '../../../src/domain/match-status.js';
import type { Slots } from '../../../src/domain/score.js';
import { Announcements } from './announcements.js';
import { excuseOf } from './excuses.js';
import { FAULTS } from './faults/faults.js';
import { HISTORIES } from './histories/histories.js';
import { judge } from './judge.js';
import { EPOCH_MS, type Moment, virtualMs } from './moment.js';
import type { TruthMatch } from './truth-match.js';
import type { RowChange } from './truth-store.js';
import type { PlayedMatch } from './truth-world.js';

const START_S = EPOCH_MS / 1000 + 100;
const goals = (count: number): Slots => [count, 0, 0, 0, 0, 0, 0];

function moment(afterS: number, status: MatchStatus, home: number, away: number): Moment {
  const slots = { home: goals(home), away: goals(away) };
  return { atS: START_S + afterS, status, ...slots, kickoffS: START_S, told: true, stamped: false };
}

const WHISTLE = moment(200, MatchStatus.Ended, 2, 0);
const TRUTH: readonly Moment[] = [
  moment(0, MatchStatus.NotStarted, 0, 0),
  moment(10, MatchStatus.SecondHalf, 1, 0),
  moment(100, MatchStatus.SecondHalf, 2, 0),
  WHISTLE,
  moment(300, MatchStatus.Ended, 1, 0),
];

function rowsOf(moments: readonly Moment[], delayS = 0): RowChange[] {
  return moments.map(({ atS, status, home, away }) => ({ atMs: virtualMs(atS + delayS), status, home, away }));
}

function played(
  rows: readonly RowChange[],
  changes: Partial<TruthMatch> = {},
  announced = new Announcements(),
): PlayedMatch {
  const [history, fault] = [HISTORIES[0], FAULTS[0]];
  if (!history || !fault) throw new Error('There are histories and faults');
  const match: TruthMatch = {
    id: 'm',
    cell: { history, fault },
    seed: 1,
    moments: TRUTH,
    deliveries: TRUTH.map((says) => ({ atMs: virtualMs(says.atS), says })),
    lag: { cacheMs: 0, stuck: null },
    snapshotsMs: [],
    horizonMs: virtualMs(START_S + 1_000),
    ...changes,
  };
  return { match, rows, announced };
}

function announcing(goalsToldOf: number, cancellations: number): Announcements {
  const announced = new Announcements();
  const base = { side: 'home', homeScore: 0, awayScore: 0 } as const;
  const goal = { type: 'goal', ...base, time: null, playerId: null, playerName: null } as const;
  const cancelled = { type: 'goal-cancelled', ...base, previousHomeScore: 0, previousAwayScore: 0 } as const;
  announced.add(Array.from({ length: goalsToldOf }, () => goal));
  announced.add(Array.from({ length: cancellations }, () => cancelled));
  return announced;
}

const RIGHT = {
  goalsWrong: false,
  statusWrong: false,
  scoreWrongS: 0,
  statusWrongS: 0,
  falseGoals: 0,
  falseCancellations: 0,
};

describe('the verdict', () => {
  it('finds nothing wrong with a row that is the truth all the time', () => {
    expect(judge(played(rowsOf(TRUTH), {}, announcing(2, 1)))).toEqual(RIGHT);
  });

  it('counts the seconds of every delay', () => {
    expect(judge(played(rowsOf(TRUTH, 5)))).toEqual({ ...RIGHT, scoreWrongS: 15, statusWrongS: 10 });
  });

  it('sees that the last word never came in', () => {
    expect(judge(played(rowsOf(TRUTH.slice(0, -1))))).toEqual({ ...RIGHT, goalsWrong: true, scoreWrongS: 700 });
  });

  it('sees a status that stayed', () => {
    const rows = rowsOf(TRUTH.map((each) => ({ ...each, status: Math.min(4, each.status) as MatchStatus })));
    expect(judge(played(rows))).toEqual({ ...RIGHT, statusWrong: true, statusWrongS: 800 });
  });

  it('sees a row that was never written, and takes nothing after the horizon for an answer', () => {
    expect(judge(played([]))).toMatchObject({ goalsWrong: true, statusWrong: true });
    expect(judge(played(rowsOf(TRUTH, 2_000)))).toMatchObject({ goalsWrong: true, statusWrong: true });
  });

  it('counts goals and cancellations beyond what happened', () => {
    expect(judge(played(rowsOf(TRUTH), {}, announcing(5, 4)))).toEqual({
      ...RIGHT,
      falseGoals: 3,
      falseCancellations: 3,
    });
  });

  it('tells kicks of a shoot-out from goals', () => {
    const kicks = rowsOf(TRUTH).map((row) => ({ ...row, home: [row.home[0], 0, 0, 0, 0, 0, 1] as const }));
    expect(judge(played(kicks))).toMatchObject({ goalsWrong: true, statusWrong: false });
  });
});

describe('an excuse', () => {
  const stale = rowsOf([WHISTLE]);

  it.each([
    ['none', 'one single frame'],
    ['live-only', 'one single frame'],
    ['answers', null],
    ['answers-with-p', null],
  ] as const)('for a single last frame, with the provider "%s": %s', (provider, line) => {
    const excuse = excuseOf(played(stale), provider);
    if (line === null) expect(excuse).toBeNull();
    else expect(excuse).toContain(line);
  });

  it('is none when the feed insisted', () => {
    const last = TRUTH.at(-1) as Moment;
    const deliveries = [0, 40, 80].map((afterS) => ({ atMs: virtualMs(last.atS + afterS), says: last }));
    expect(excuseOf(played(stale, { deliveries }), 'none')).toBeNull();
  });

  it('is that it was an echo, when the goal came back after the end', () => {
    const back = moment(400, MatchStatus.Ended, 2, 0);
    const deliveries = [0, 40].map((afterS) => ({ atMs: virtualMs(back.atS + afterS), says: back }));
    const there = played(stale, { moments: [...TRUTH, back], deliveries });
    expect(excuseOf(there, 'none')).toContain('there and back');
    expect(excuseOf(there, 'answers')).toBeNull();
  });

  it('is a stuck provider, when it took the truth back', () => {
    const lag = { cacheMs: 0, stuck: { fromMs: virtualMs(START_S + 250), toMs: virtualMs(START_S + 900) } };
    const takenBack = [...rowsOf(TRUTH), ...rowsOf([WHISTLE], 300)];
    expect(excuseOf(played(takenBack, { lag }), 'answers')).toContain('a wrong provider');
    expect(excuseOf(played(stale, { lag }), 'answers')).toBeNull();
    expect(excuseOf(played([...rowsOf(TRUTH), ...rowsOf([moment(600, 8, 0, 0)])], { lag }), 'answers')).toBeNull();
  });
});
