import type { Case } from '../guard-case.js';
import type { Outcome } from '../outcome.js';
import { AGREED } from '../outcomes.js';
import { cannotBeOld } from './life.js';
import { isAfterNewest, isSaidByNewest } from './settled-pull.js';

/** R5: the provider says what the feed was refused for, or says something that cannot be an old state. */
export function agreement(c: Case): Outcome | null {
  if (c.update.delivery !== 'pull') return null;
  return c.newer || isSaidByNewest(c) || (isSettled(c) && (hasStatusOfNewest(c) || cannotBeOld(c))) ? AGREED : null;
}

function hasStatusOfNewest({ context: { heard }, status }: Case): boolean {
  return heard.newest?.refused === true && heard.newest.status === status;
}

/** A refused push has to be answered with room for a cache; a feed that is content with the row was looked at by rule 3a. */
function isSettled(c: Case): boolean {
  return c.context.heard.newest?.refused !== true || isAfterNewest(c);
}
