import type { Side } from '../../domain/match-event.js';
import { type GoalMinute, periodOf, readGoalMinute } from './goal-minute.js';
import { asObject, asText, type JsonObject } from './json-value.js';
import type { GoalKind, Pair, Period } from './tournament.js';

/** A goal as the file lists it. */
export interface ListedGoal {
  readonly side: Side;
  /** null when the file gives no usable minute */
  readonly at: GoalMinute | null;
  readonly scorer: string | null;
  readonly kind: GoalKind;
}

export function readListedGoals(match: JsonObject): ListedGoal[] {
  return [...listOf(match.goals1, 'home'), ...listOf(match.goals2, 'away')];
}

function listOf(list: unknown, side: Side): ListedGoal[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown): ListedGoal[] => {
    if (typeof entry === 'string') return [{ side, at: null, scorer: asText(entry), kind: 'goal' }];
    const goal = asObject(entry);
    if (!goal) return [];
    const at = readGoalMinute(goal.minute, goal.offset);
    return [{ side, at, scorer: asText(goal.name), kind: kindOf(goal) }];
  });
}

function kindOf(goal: JsonObject): GoalKind {
  if (isSet(goal.owngoal)) return 'own-goal';
  return isSet(goal.penalty) ? 'penalty' : 'goal';
}

function isSet(flag: unknown): boolean {
  return flag === true || flag === 1 || flag === 'true';
}

/** Goals of the list up to the end of a period, both sides. Goals without a minute count from the second half on. */
export function countUntil(listed: readonly ListedGoal[], last: Period): Pair {
  const until = (side: Side) => listed.filter((goal) => goal.side === side && isIn(goal, last)).length;
  return [until('home'), until('away')];
}

const ORDER: readonly Period[] = ['first-half', 'second-half', 'extra-time'];

function isIn(goal: ListedGoal, last: Period): boolean {
  const period = goal.at ? periodOf(goal.at) : 'second-half';
  return ORDER.indexOf(period) <= ORDER.indexOf(last);
}
