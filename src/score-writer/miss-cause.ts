import type { MatchState } from '../domain/match-state.js';
import { isHeardElsewhere } from './foreign-row.js';
import type { Accepted, Mailbox } from './mailbox.js';
import { isOurWrite } from './our-write.js';

/** Why a compare-and-set changed no row. */
export type MissCause =
  /** the row is as it was: locked by somebody else, or our lease is over */
  | { readonly kind: 'locked' }
  /** an earlier statement of ours took effect, though its answer was lost */
  | { readonly kind: 'written'; readonly write: Accepted }
  /** somebody else wrote the row; `heardElsewhere`: with something newer from the feed than we know */
  | { readonly kind: 'foreign'; readonly heardElsewhere: boolean };

/** What the row, read after the miss, tells of it. */
export function causeOfMiss(mailbox: Mailbox, missed: Accepted, row: MatchState): MissCause {
  const known = mailbox.state as MatchState;
  const { unconfirmed, pending } = mailbox;
  const ours = unconfirmed.find((write) => isOurWrite(row, known, write.next));
  if (ours) {
    // the same content, as freshened since, with everybody who has joined since
    const current = [missed, pending].find((accepted) => accepted?.newest === ours.newest);
    return { kind: 'written', write: current ?? ours };
  }
  if (row.version === known.version && !hasNewerTime(row, missed.next)) return { kind: 'locked' };
  return { kind: 'foreign', heardElsewhere: isHeardElsewhere(row, [known, ...unconfirmed.map(({ next }) => next)]) };
}

/** As the statement sees it: a row with a provider time takes no change without one. */
function hasNewerTime({ providerTimeS: rowS }: MatchState, { providerTimeS: writtenS }: MatchState): boolean {
  return rowS !== null && (writtenS === null || rowS > writtenS);
}
