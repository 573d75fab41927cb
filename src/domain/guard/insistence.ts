import { type Case, isFeed } from '../guard-case.js';
import { continueRun, type HeardPush } from '../heard.js';
import type { Outcome } from '../outcome.js';
import { INSISTED } from '../outcomes.js';
import { goalsAbove } from '../score.js';
import { cannotBeOld } from './life.js';

const MAX_GOALS_AT_ONCE = 3;

/** R6: where no provider can be asked, a feed that says for a minute what cannot be an old state is the best truth there is. */
export function insistence(c: Case): Outcome | null {
  const { update, context, status, home, away, atMs } = c;
  if (!isFeed(update) || update.redelivered || context.waited || context.feedBehind) return null;
  const run = continueRun(context.heard.run, { status, home, away, receivedAtMs: atMs });
  return isLongEnough(run, c) && !isAskable(run, c) && cannotBeOld(c) ? INSISTED : null;
}

function isLongEnough(run: readonly HeardPush[], c: Case): boolean {
  const { insistencePushes, insistenceMs } = c.context.limits;
  const [first] = run;
  const before = run.at(-2);
  if (!first || !before || run.length < insistencePushes || c.atMs - first.receivedAtMs < insistenceMs) return false;
  return goalsAbove(c, before) <= MAX_GOALS_AT_ONCE;
}

/** Has the provider listed the match since the run began? One that answers and is silent about it cannot decide. */
function isAskable([first]: readonly HeardPush[], { context: { provider, heard } }: Case): boolean {
  if (provider !== 'answering' || heard.listedAtMs === null || !first) return false;
  return heard.listedAtMs >= first.receivedAtMs;
}
