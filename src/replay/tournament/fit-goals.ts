import type { Side } from '../../domain/match-event.js';
import { type GoalMinute, movedInto, periodOf, spreadOver } from './goal-minute.js';
import type { ListedGoal } from './listed-goal.js';
import type { CompleteScore } from './match-score.js';
import type { Goal, Period } from './tournament.js';

const PERIODS: readonly Period[] = ['first-half', 'second-half', 'extra-time'];

/**
 * The goals the score demands, timed by the list: each listed goal goes to the period of its minute while the score
 * leaves room there, then to the nearest period with room, else it is dropped; goals nobody listed are spread evenly.
 */
export function fitGoals(score: CompleteScore, listed: readonly ListedGoal[]): readonly Goal[] {
  const goals = [...fitSide(score, listed, 'home'), ...fitSide(score, listed, 'away')];
  return goals.sort(byTime);
}

function fitSide(score: CompleteScore, listed: readonly ListedGoal[], side: Side): Goal[] {
  const room = roomOf(score, side);
  const placed: Goal[] = [];
  const place = (goal: ListedGoal | null, period: Period, at: GoalMinute) => {
    room[period]--;
    placed.push({ side, period, ...at, scorer: goal?.scorer ?? null, kind: goal?.kind ?? 'goal' });
  };

  const left: ListedGoal[] = [];
  for (const goal of listed.filter((one) => one.side === side)) {
    const period = goal.at && periodOf(goal.at);
    if (goal.at && period && room[period] > 0) place(goal, period, movedInto(period, goal.at));
    else left.push(goal);
  }
  for (const goal of left) {
    const period = nearestWithRoom(room, goal.at ? periodOf(goal.at) : 'second-half');
    if (period) place(goal, period, goal.at ? movedInto(period, goal.at) : spreadOver(period, 0, room[period]));
  }
  for (const period of PERIODS) {
    const missing = room[period];
    for (let nth = 0; nth < missing; nth++) place(null, period, spreadOver(period, nth, missing));
  }
  return placed;
}

function roomOf(score: CompleteScore, side: Side): Record<Period, number> {
  const team = side === 'home' ? 0 : 1;
  const fullTime = score.fullTime[team];
  return {
    'first-half': score.halfTime[team],
    'second-half': fullTime - score.halfTime[team],
    'extra-time': (score.afterExtraTime?.[team] ?? fullTime) - fullTime,
  };
}

function nearestWithRoom(room: Readonly<Record<Period, number>>, wanted: Period): Period | undefined {
  const distance = (period: Period) => Math.abs(PERIODS.indexOf(period) - PERIODS.indexOf(wanted));
  return PERIODS.filter((period) => room[period] > 0).sort((a, b) => distance(a) - distance(b))[0];
}

function byTime(a: Goal, b: Goal): number {
  return PERIODS.indexOf(a.period) - PERIODS.indexOf(b.period) || a.minute - b.minute || a.offset - b.offset;
}
