import { Injectable, Optional } from '@nestjs/common';
import { MatchRouter } from '../contracts/match-router.js';
import { WriteFence } from '../contracts/write-fence.js';
import { NOTHING_HEARD, sameContent } from '../domain/heard.js';
import { FOREIGN, type MatchState } from '../domain/match-state.js';
import { isLive, MatchStatus } from '../domain/match-status.js';
import { Clock } from '../kernel/clock.js';
import { AcceptedRows, type JudgedRow } from './accepted-rows.js';
import { CommitReports } from './commit-reports.js';
import { asShown } from './foreign-row.js';
import { foreignVerdict } from './foreign-verdict.js';
import { Mailboxes } from './mailboxes.js';
import { ScoreStore } from './ports/score-store.js';

/** More than are ever played at once: all are compared in every look. Of those beyond it nothing is told until one is let go of. */
const MOST_ROWS = 1_000;
/** Programs go on correcting a match after its end. */
const KEPT_AFTER_PLAY_MS = 25 * 60_000;

interface Watched {
  readonly row: MatchState;
  /** our clock, unix ms; null while it is live */
  readonly untilMs: number | null;
}

/**
 * Watches the live rows of matches on the direct path that the feed has not spoken of: what somebody else writes there
 * stands, becomes a version, and is told. The first look only remembers; a match that a later look finds live for the
 * first time has just become so. A match that leaves play is watched for 25 minutes more; one that the feed speaks of belongs
 * to its mailbox.
 */
@Injectable()
export class UnfedRows {
  private readonly rows = new Map<string, Watched>();
  private hasLooked = false;

  constructor(
    private readonly store: ScoreStore,
    private readonly mailboxes: Mailboxes,
    private readonly accepted: AcceptedRows,
    private readonly reports: CommitReports,
    private readonly clock: Clock,
    right: WriteFence,
    @Optional() private readonly router?: MatchRouter,
  ) {
    right.lost$.subscribe(() => this.forget());
  }

  /** One look. @throws the store's error */
  async look(): Promise<void> {
    if (this.router?.active === false) {
      this.forget();
      return;
    }
    const nowMs = this.clock.nowMs();
    for (const [matchId, { untilMs }] of this.rows) {
      if ((untilMs !== null && untilMs < nowMs) || !this.isUnfed(matchId)) this.rows.delete(matchId);
    }
    const live = await this.store.findLive(MOST_ROWS);
    const free = Math.max(0, MOST_ROWS - this.rows.size);
    const found = live.filter((id) => !this.rows.has(id) && this.isUnfed(id)).slice(0, free);
    const changed =
      this.rows.size > 0 ? await this.store.findChanged([...this.rows.values()].map(({ row }) => row)) : [];
    if (found.length + changed.length > 0) await this.take([...found, ...changed]);
    this.hasLooked = true;
  }

  private async take(matchIds: readonly string[]): Promise<void> {
    const loaded = await this.store.load(matchIds);
    const judged: JudgedRow[] = [];
    for (const matchId of matchIds) {
      const found = loaded.get(matchId);
      // a program that writes no slots says the score in the columns that readers are shown
      const row = found && asShown(found);
      const known = this.rows.get(matchId)?.row ?? (this.hasLooked && row ? beforePlay(row) : undefined);
      if (!row) this.rows.delete(matchId);
      else if (!known || isSame(known, row)) this.keep(row);
      else judged.push({ known, row, verdict: this.verdictOn(row, known) });
    }
    if (judged.length === 0) return;
    const taken = await this.accepted.commit(judged);
    for (const { known, row, verdict } of judged) {
      const after = taken.get(row.matchId);
      // the feed may have spoken of it meanwhile
      if (!after || !this.isUnfed(row.matchId)) continue;
      this.keep(after);
      if (verdict !== 'elsewhere') this.reports.foreignChange(known, after, verdict);
    }
  }

  private verdictOn(row: MatchState, known: MatchState) {
    const { authorities } = this.reports;
    return foreignVerdict({ row, known, heard: NOTHING_HEARD, isFed: false, authorities, nowMs: this.clock.nowMs() });
  }

  private keep(row: MatchState): void {
    const before = this.rows.get(row.matchId);
    const untilMs = isLive(row.status) ? null : (before?.untilMs ?? this.clock.nowMs() + KEPT_AFTER_PLAY_MS);
    this.rows.set(row.matchId, { row, untilMs });
  }

  /** Is it on the direct path, and does no mailbox look after it? */
  private isUnfed(matchId: string): boolean {
    if (this.mailboxes.find(matchId)?.contents.row) return false;
    return !this.router || (this.router.routeOf(matchId) === 'direct' && !this.router.isMoving(matchId));
  }

  private forget(): void {
    this.rows.clear();
    this.hasLooked = false;
  }
}

function isSame(known: MatchState, row: MatchState): boolean {
  const isSameTime = KICKOFFS.every((period) => known.kickoffs[period] === row.kickoffs[period]);
  const isSameToReaders = known.shown.home === row.shown.home && known.shown.away === row.shown.away;
  return isSameTime && isSameToReaders && known.version === row.version && sameContent(known, row);
}

const KICKOFFS = ['firstHalfS', 'secondHalfS', 'overtimeS'] as const;

/** As it was, as far as that can be told: the trigger has made a version of the change already, or nobody has. */
function beforePlay(row: MatchState): MatchState {
  const version = row.origin?.journaledBy === FOREIGN ? row.version - 1 : row.version;
  return { ...row, version, status: MatchStatus.NotStarted };
}
