import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { WriteFence } from '../contracts/write-fence.js';
import type { Kickoffs, MatchState } from '../domain/match-state.js';
import { isLive, MatchStatus } from '../domain/match-status.js';
import { sameSlots } from '../domain/score.js';
import { logFields } from '../kernel/log-fields.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { AcceptedRows, type JudgedRow } from './accepted-rows.js';
import type { Mailbox } from './mailbox.js';
import { isIdle } from './mailbox-contents.js';
import { Mailboxes } from './mailboxes.js';
import { ScoreStore } from './ports/score-store.js';
import { RowLoader } from './row-loader.js';
import { ScoreWriter } from './score-writer.js';
import { ResolvedScoreWriterOptions } from './score-writer.options.js';
import { UnfedRows } from './unfed-rows.js';

/** A cycle of `driftCheckMs` has five rounds, so that no round holds up the scores: 500 matches are checked per cycle. */
const ROUNDS_PER_CYCLE = 5;
const ROWS_PER_ROUND = { least: 20, most: 100 };
/** every 800 ms by default: what others write of other matches is told within a second, too */
const UNFED_EVERY_ROUNDS = 4;
const UNKNOWN_EVERY_ROUNDS = 5 * ROUNDS_PER_CYCLE;

/**
 * Other writers change `ts_matches` with plain SQL. Within a second the rows of live and lately ended matches are compared
 * with what the writer believes. A difference is undone, or it stands: then it becomes a version, replaces the belief and is
 * told (`ForeignVerdict`). Live rows that the feed never spoke of are looked at as well.
 * Also looks for rows of matches that had none.
 */
@Injectable()
export class DriftCheck implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(DriftCheck.name);
  private cancel: Cancel | null = null;
  private running = false;
  private rounds = 0;
  private rest: Iterator<Mailbox, undefined>;

  constructor(
    private readonly options: ResolvedScoreWriterOptions,
    private readonly scheduler: Scheduler,
    private readonly mailboxes: Mailboxes,
    private readonly store: ScoreStore,
    private readonly loader: RowLoader,
    private readonly writer: ScoreWriter,
    private readonly right: WriteFence,
    private readonly unfed: UnfedRows,
    private readonly accepted: AcceptedRows,
  ) {
    this.rest = mailboxes.all();
  }

  onApplicationBootstrap(): void {
    this.cancel ??= this.scheduler.every(this.options.driftCheckMs / ROUNDS_PER_CYCLE, () => void this.round());
  }

  onModuleDestroy(): void {
    this.cancel?.();
    this.cancel = null;
  }

  /** One comparison; skipped while the last one runs, and while standing by. */
  async round(): Promise<void> {
    if (this.running || !this.right.granted) return;
    this.running = true;
    try {
      if (this.rounds++ % UNKNOWN_EVERY_ROUNDS === 0) this.lookForRows();
      await this.compare(this.nextMailboxes());
      if (this.rounds % UNFED_EVERY_ROUNDS === 0) await this.unfed.look();
    } catch (error) {
      this.logger.debug('Drift check failed', logFields({ error }));
    } finally {
      this.running = false;
    }
  }

  private lookForRows(): void {
    for (const mailbox of this.mailboxes.all()) if (mailbox.contents.phase === 'unknown') this.loader.request(mailbox);
  }

  /** A fifth of the mailboxes, going on where the last round ended: looking at all of them each time would cost more than the scores. */
  private nextMailboxes(): readonly Mailbox[] {
    const chosen: Mailbox[] = [];
    const visits = Math.max(ROWS_PER_ROUND.least, Math.ceil(this.mailboxes.count / ROUNDS_PER_CYCLE));
    for (let visited = 0; visited < visits && chosen.length < ROWS_PER_ROUND.most; visited++) {
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
