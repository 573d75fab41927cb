import { accept } from './accept.js';
import { countFallsAfterEnd, echo } from './guard/after-end.js';
import { agreement } from './guard/agreement.js';
import { insistence } from './guard/insistence.js';
import { jump } from './guard/jump.js';
import { olderKickoff } from './guard/kickoff-age.js';
import { illegalMove, statusNeverSet } from './guard/moves.js';
import { olderProviderTime, outranked, overtaken, pushBehindPull, redeliveredFall } from './guard/order.js';
import { unsettledPull } from './guard/settled-pull.js';
import { type Case, type Decision, type GuardContext, toCase } from './guard-case.js';
import { lateKickoffs } from './late-kickoffs.js';
import type { MatchState } from './match-state.js';
import type { ScoreUpdate } from './match-update.js';
import type { Outcome } from './outcome.js';
import { APPLIED, KICKOFF_LEARNT } from './outcomes.js';

export { type Decision, type GuardContext, NO_CIRCUMSTANCES } from './guard-case.js';
export { hasScore, type ScoreUpdate } from './match-update.js';

/**
 * The guard decides: may this update change the match, and into what? Pure; the first rule that speaks wins. `state` is
 * the pending state: the row plus what was accepted and is not written yet. What was heard before is in the context;
 * after the decision `hear` says what is heard now.
 */
export function decide(state: MatchState, update: ScoreUpdate, context: GuardContext): Decision {
  const c = toCase(state, update, context);
  const objection = looksOld(c);
  const overruled = objection && (agreement(c) ?? insistence(c));
  const refusal = isProvablyOld(c) ?? (overruled ? null : objection) ?? cannotBeToldNow(c);
  return refusal ? refuse(c, refusal) : accept(c, overruled ?? APPLIED);
}

function refuse(c: Case, refusal: Outcome): Decision {
  const learnt = lateKickoffs(c, refusal);
  return learnt ? { outcome: KICKOFF_LEARNT, next: learnt } : { outcome: refusal, next: c.state };
}

/** Nothing overrules these. */
function isProvablyOld(c: Case): Outcome | null {
  return olderProviderTime(c) ?? (c.update.delivery === 'pull' ? unsettledPull(c) : overtaken(c)) ?? statusNeverSet(c);
}

/** These may be wrong: provider and feed agreeing overrule them, or the feed insisting where no provider can be asked. */
function looksOld(c: Case): Outcome | null {
  return olderKickoff(c) ?? illegalMove(c) ?? echo(c) ?? countFallsAfterEnd(c);
}

/** These wait for a better source, a second frame or the provider. */
function cannotBeToldNow(c: Case): Outcome | null {
  return outranked(c) ?? pushBehindPull(c) ?? redeliveredFall(c) ?? jump(c);
}
