import { Injectable } from '@nestjs/common';
import type { Kickoffs, MatchState } from '../domain/match-state.js';
import { isLive, MatchStatus } from '../domain/match-status.js';
import { sameSlots } from '../domain/score.js';
import { AcceptedRows, type JudgedRow } from './accepted-rows.js';
import type { Mailbox } from './mailbox.js';
import { isIdle } from './mailbox-contents.js';
import { Mailboxes } from './mailboxes.js';
import { ScoreStore } from './ports/score-store.js';
import { ScoreWriter } from './score-writer.js';

/** Looks that see all mailboxes once, so that none holds up the scores: 500 matches are compared in a cycle. */
export const LOOKS_PER_CYCLE = 5;
const ROWS_PER_LOOK = { least: 20, most: 100 };

/**
 * The rows of matches that the feed has spoken of, compared with what the writer believes. What differs is judged, and
 * replaces the belief.
 */
@Injectable()
export class FedRows {
  private rest: Iterator<Mailbox, undefined>;

  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly store: ScoreStore,
    private readonly accepted: AcceptedRows,
    private readonly writer: ScoreWriter,
  ) {
    this.rest = mailboxes.all();
  }

  /** One look, going on where the last one ended. @throws the store's error */
  async look(): Promise<void> {
    await this.compare(this.nextMailboxes());
  }

  /** A fifth of the mailboxes, going on where the last look ended: looking at all of them each time would cost more than the scores. */
  private nextMailboxes(): readonly Mailbox[] {
    const chosen: Mailbox[] = [];
    const visits = Math.max(ROWS_PER_LOOK.least, Math.ceil(this.mailboxes.count / LOOKS_PER_CYCLE));
    for (let visited = 0; visited < visits && chosen.length < ROWS_PER_LOOK.most; visited++) {
      const { value: mailbox, done } = this.rest.next();
      if (done) {
        this.rest = this.mailboxes.all();
        break;
      }
      const { contents } = mailbox;
      if (isIdle(contents) && contents.row && isWatched(contents.row.status)) chosen.push(mailbox);
    }
    return chosen;
  }

  private async compare(mailboxes: readonly Mailbox[]): Promise<void> {
    const believed = new Map<Mailbox, MatchState>();
    for (const mailbox of mailboxes) if (mailbox.contents.row) believed.set(mailbox, mailbox.contents.row);
    if (believed.size === 0) return;
    const changed = new Set(await this.store.findChanged([...believed.values()]));
    if (changed.size === 0) return;
    const rows = await this.store.load([...changed]);
    const judged = new Map<Mailbox, JudgedRow>();
    for (const [mailbox, known] of believed) {
      const row = rows.get(mailbox.matchId);
      if (!row || !isUnmoved(mailbox, known) || !differs(known, row)) continue;
      judged.set(mailbox, { known, row, verdict: mailbox.verdictOn(row) });
    }
    if (judged.size > 0) await this.adopt(judged);
  }

  /** What stands is a version first: whoever hears of it finds it in the journal. */
  private async adopt(judged: ReadonlyMap<Mailbox, JudgedRow>): Promise<void> {
    const taken = await this.accepted.commit([...judged.values()]);
    for (const [mailbox, { known, verdict }] of judged) {
      const row = taken.get(mailbox.matchId);
      if (row && isUnmoved(mailbox, known)) this.writer.foreignChange(mailbox, row, verdict);
    }
  }
}

/** Is everything as it was when the row was asked for? */
function isUnmoved({ contents }: Mailbox, known: MatchState): boolean {
  return !contents.retired && isIdle(contents) && contents.row === known;
}

/** An ended match too: a job that puts it back into play is answered by no frame any more. */
function isWatched(status: MatchStatus): boolean {
  return isLive(status) || status === MatchStatus.Ended;
}

function differs(state: MatchState, row: MatchState): boolean {
  return (
    row.version !== state.version ||
    row.status !== state.status ||
    (row.torn && !state.torn) ||
    !sameSlots(row.home, state.home) ||
    !sameSlots(row.away, state.away) ||
    otherKickoff(state, row, 'firstHalfS') ||
    otherKickoff(state, row, 'secondHalfS') ||
    otherKickoff(state, row, 'overtimeS')
  );
}

/** One that was erased is known already to be missing when the row waits to be written again. */
function otherKickoff(state: MatchState, row: MatchState, period: keyof Kickoffs): boolean {
  if (row.kickoffs[period] === state.kickoffs[period]) return false;
  return row.kickoffs[period] !== null || !state.torn;
}
