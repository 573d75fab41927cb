import { pause } from '../../kernel/deadline.js';
import { REAL_TIME } from '../../kernel/scheduler.js';
import type { ChangeRange, RevertAnswer, RevertStore } from '../ports/revert-store.js';

const MATCHES_PER_STATEMENT = 250;
const ATTEMPTS = 10;
const PAUSE_MS = 200;

/** Takes the matches back, some hundreds per statement. Rows that somebody has locked are tried again for two seconds. */
export function revertMatches(ranges: readonly ChangeRange[], store: RevertStore): Promise<readonly RevertAnswer[]> {
  return inPortions(ranges, (portion) => revertPatiently(portion, store));
}

/** What would become of the matches. */
export function previewRevert(ranges: readonly ChangeRange[], store: RevertStore): Promise<readonly RevertAnswer[]> {
  return inPortions(ranges, (portion) => store.preview(portion));
}

async function inPortions(
  ranges: readonly ChangeRange[],
  answer: (portion: readonly ChangeRange[]) => Promise<readonly RevertAnswer[]>,
): Promise<readonly RevertAnswer[]> {
  const answers: RevertAnswer[] = [];
  for (let n = 0; n < ranges.length; n += MATCHES_PER_STATEMENT) {
    answers.push(...(await answer(ranges.slice(n, n + MATCHES_PER_STATEMENT))));
  }
  return answers;
}

async function revertPatiently(ranges: readonly ChangeRange[], store: RevertStore): Promise<readonly RevertAnswer[]> {
  const answers: RevertAnswer[] = [];
  let left = ranges;
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > 1) await pause(PAUSE_MS, REAL_TIME);
    const told = await store.revert(left);
    const locked = new Set(told.flatMap(({ matchId, result }) => (result === 'locked' ? [matchId] : [])));
    if (attempt === ATTEMPTS) return [...answers, ...told];
    answers.push(...told.filter(({ matchId }) => !locked.has(matchId)));
    left = left.filter(({ matchId }) => locked.has(matchId));
  }
  return answers;
}
