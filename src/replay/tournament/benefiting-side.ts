import type { Side } from '../../domain/match-event.js';
import type { ListedGoal } from './listed-goal.js';
import type { Pair } from './tournament.js';

/** Own goals stand under the team that benefits; where only the other reading agrees with the score, they are moved. */
export function onBenefitingSide(listed: readonly ListedGoal[], total: Pair): readonly ListedGoal[] {
  if (agrees(listed, total)) return listed;
  const moved = listed.map((goal) => (goal.kind === 'own-goal' ? { ...goal, side: otherSide(goal.side) } : goal));
  return agrees(moved, total) ? moved : listed;
}

function agrees(listed: readonly ListedGoal[], [home, away]: Pair): boolean {
  const atHome = listed.filter((goal) => goal.side === 'home').length;
  return atHome === home && listed.length - atHome === away;
}

function otherSide(side: Side): Side {
  return side === 'home' ? 'away' : 'home';
}
