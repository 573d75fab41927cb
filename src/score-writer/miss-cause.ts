import type { MatchState } from '../domain/match-state.js';
import type { Accepted } from './accepted.js';
import { isHeardElsewhere } from './foreign-row.js';
import { isOurWrite } from './our-write.js';
import type { Unwritten } from './unwritten.js';

/** Why a compare-and-set changed no row. `others`: what else is unwritten, to be judged again in this order. */
export type MissCause =
  /** the row is as it was: locked by somebody else, or our lease is over */
  | { readonly kind: 'locked' }
  /** an earlier statement of ours took effect, though its answer was lost */
  | { readonly kind: 'written'; readonly write: Accepted; readonly others: readonly Accepted[]; readonly waited: false }
  /** somebody else wrote the row; `waited`: with something newer from the feed than we know */
  | { readonly kind: 'foreign'; readonly others: readonly Accepted[]; readonly waited: boolean };

/** What the row, read after the miss, tells of it. @param known the row as it was believed to be */
export function causeOfMiss(row: MatchState, known: MatchState, missed: Accepted, changes: Unwritten): MissCause {
  const { pending, unconfirmed } = changes;
  const unwritten = pending ? [missed, pending] : [missed];
  const ours = unconfirmed.find((write) => isOurWrite(row, known, write.next));
  if (ours) {
    // the same content, as freshened since, with everybody who has joined since
    const current = unwritten.find(({ newest }) => newest === ours.newest);
    const write = current ?? ours;
    const others = unwritten.filter((accepted) => accepted !== write);
    return { kind: 'written', write, others, waited: false };
  }
  if (row.version === known.version && !hasNewerTime(row, missed.next)) return { kind: 'locked' };
  const waited = isHeardElsewhere(row, [known, ...unconfirmed.map(({ next }) => next)]);
  return { kind: 'foreign', others: unwritten, waited };
}

/** As the statement sees it: a row with a provider time takes no change without one. */
function hasNewerTime({ providerTimeS: rowS }: MatchState, { providerTimeS: writtenS }: MatchState): boolean {
  return rowS !== null && (writtenS === null || rowS > writtenS);
}
