import type { ScoreUpdate } from '../domain/decide.js';
import type { Heard } from '../domain/heard.js';
import type { MatchState } from '../domain/match-state.js';
import { type Accepted, acceptedOf } from './accepted.js';
import type { ForeignVerdict } from './foreign-row.js';
import { foreignRow, restored } from './foreign-row.js';
import { foreignVerdict } from './foreign-verdict.js';
import type { MailboxContents } from './mailbox-contents.js';
import { repeatOf } from './waiting.js';

/** What a row that somebody else wrote makes of a mailbox. */
export interface Adoption {
  readonly change: Partial<MailboxContents>;
  /** the row as it was known */
  readonly known: MatchState;
  /** What is written again, over the row; null when the row stands. */
  readonly again: Accepted | null;
}

/** The row as it is to be: what is on its way to be written again counts, not what somebody else put in its place. */
export function knownRow({ row, truth }: MailboxContents): MatchState {
  const { epoch, version } = row as MatchState;
  return truth ? { ...truth, epoch, version } : (row as MatchState);
}

/** What becomes of a row that is not as it is known. @param authorities see `ForeignEvidence` */
export function verdictOn(
  contents: MailboxContents,
  row: MatchState,
  heard: Heard,
  authorities: readonly string[],
  nowMs: number,
): ForeignVerdict {
  const isFed = contents.reflected !== null;
  return foreignVerdict({ row, known: knownRow(contents), heard, isFed, authorities, nowMs });
}

/**
 * Somebody else's row is what updates are judged against from now on; or, when it is to be undone, the row as it was
 * known, which is written again. Columns that disagree in a row that stands are for the next look of the drift check.
 * @param said the refused push that says what the row says; null when there is none
 */
export function adoption(
  contents: MailboxContents,
  row: MatchState,
  verdict: ForeignVerdict,
  said: ScoreUpdate | null,
  nowMs: number,
): Adoption {
  const known = knownRow(contents);
  const { reflected } = contents;
  const adopted = foreignRow(row, known, verdict, Math.floor(nowMs / 1000));
  if (verdict === 'undone' && reflected) {
    const again = acceptedOf(repeatOf(reflected, nowMs), restored(known, adopted));
    return { change: { row: adopted, truth: known }, known, again };
  }
  if (verdict === 'reverted') return { change: { row: adopted, truth: null, reflected: null }, known, again: null };
  const stands = verdict === 'accepted' && reflected !== null ? withoutTears(adopted) : adopted;
  const says = verdict === 'accepted' ? (said ?? reflected) : reflected;
  return { change: { row: stands, truth: null, reflected: says }, known, again: null };
}

/** As the row is to be: what the drift check finds to be otherwise is written. */
function withoutTears({ origin, ...row }: MatchState): MatchState {
  return row.torn || !origin ? { ...row, torn: false } : { ...row, origin };
}
