import type { GuardContext } from './guard-case.js';
import { type Content, type Heard, sameContent } from './heard.js';
import type { ScoreUpdate } from './match-update.js';

/**
 * R5: the refused push to judge once more after a pull was applied, because it may be newer than the answer.
 * @returns null when there is none
 */
export function toJudgeAgain(
  { newest }: Heard,
  pull: ScoreUpdate,
  { restLagMs }: Pick<GuardContext, 'restLagMs'>,
): ScoreUpdate | null {
  if (!newest?.refused) return null;
  const requestedAtMs = pull.requestedAtMs ?? pull.receivedAtMs;
  return newest.receivedAtMs > requestedAtMs - restLagMs ? newest.update : null;
}

/** Does a row that somebody else wrote say what the newest push was refused for? Then the row stays. */
export function isWordOfTheFeed({ newest }: Heard, row: Content): boolean {
  return newest?.refused === true && sameContent(newest, row);
}
