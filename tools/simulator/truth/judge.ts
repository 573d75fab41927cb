import type { Side } from '../../../src/domain/match-event.js';
import { EPOCH_MS, goalsOf, type Moment, sameGoals, virtualMs } from './moment.js';
import { momentAt } from './publish.js';
import type { RowChange } from './truth-store.js';
import type { PlayedMatch } from './truth-world.js';

/** What the referee says of one match. */
export interface Verdict {
  /** at the horizon the row is not the truth */
  readonly goalsWrong: boolean;
  readonly statusWrong: boolean;
  /** seconds in which readers saw something else than the truth, from the first moment to the horizon */
  readonly scoreWrongS: number;
  readonly statusWrongS: number;
  /** announced beyond what ever happened */
  readonly falseGoals: number;
  readonly falseCancellations: number;
}

const UNTOUCHED: Pick<RowChange, 'status' | 'home' | 'away'> = {
  status: 1,
  home: [0, 0, 0, 0, 0, 0, 0],
  away: [0, 0, 0, 0, 0, 0, 0],
};

/** Compares what readers saw of a match, and were told, with what was true. */
export function judge({ match, rows, announced }: PlayedMatch): Verdict {
  const { moments, horizonMs } = match;
  const truth = moments.at(-1) as Moment;
  const row = rows.findLast(({ atMs }) => atMs <= horizonMs) ?? UNTOUCHED;
  const beyond = (type: 'goal' | 'goal-cancelled', sign: 1 | -1) =>
    (['home', 'away'] as const)
      .map((side) => Math.max(0, announced.count(type, side) - steps(moments, side, sign)))
      .reduce((sum, count) => sum + count, 0);
  return {
    goalsWrong: !sameGoals(truth, row),
    statusWrong: truth.status !== row.status,
    ...wrongSeconds(moments, rows, horizonMs),
    falseGoals: beyond('goal', 1),
    falseCancellations: beyond('goal-cancelled', -1),
  };
}

/** How many goals of a side ever came (1), or went (−1). */
function steps(moments: readonly Moment[], side: Side, sign: 1 | -1): number {
  let count = 0;
  for (const [n, moment] of moments.entries()) {
    const before = moments[n - 1];
    if (before) count += Math.max(0, sign * (goalsOf(moment[side]) - goalsOf(before[side])));
  }
  return count;
}

function wrongSeconds(moments: readonly Moment[], rows: readonly RowChange[], horizonMs: number) {
  const times = [...moments.map(({ atS }) => atS * 1000 - EPOCH_MS), ...rows.map(({ atMs }) => atMs)]
    .filter((atMs) => atMs < horizonMs)
    .sort((a, b) => a - b);
  const startMs = virtualMs(moments[0]?.atS ?? 0);
  let [scoreMs, statusMs] = [0, 0];
  for (const [n, fromMs] of times.entries()) {
    const truth = momentAt(moments, fromMs);
    if (!truth || fromMs < startMs) continue;
    const row = rows.findLast(({ atMs }) => atMs <= fromMs) ?? UNTOUCHED;
    const lastsMs = (times[n + 1] ?? horizonMs) - fromMs;
    if (!sameGoals(truth, row)) scoreMs += lastsMs;
    if (truth.status !== row.status) statusMs += lastsMs;
  }
  return { scoreWrongS: scoreMs / 1000, statusWrongS: statusMs / 1000 };
}
