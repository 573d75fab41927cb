import { Injectable } from '@nestjs/common';
import { WriteFence } from '../contracts/write-fence.js';
import type { MatchState } from '../domain/match-state.js';
import { Clock } from '../kernel/clock.js';
import type { ForeignVerdict } from './foreign-row.js';
import { foreignRow, setsKickoffs } from './foreign-row.js';
import { movedKickoffs } from './foreign-verdict.js';
import { type AcceptedRow, ScoreStore } from './ports/score-store.js';

/** A row that somebody else wrote, and what became of it. */
export interface JudgedRow {
  readonly known: MatchState;
  readonly row: MatchState;
  readonly verdict: ForeignVerdict;
}

/** Makes versions of rows that somebody else wrote and that stand, unless the trigger has made one already. */
@Injectable()
export class AcceptedRows {
  constructor(
    private readonly store: ScoreStore,
    private readonly clock: Clock,
    private readonly right: WriteFence,
  ) {}

  /**
   * @returns the rows as they are to be taken over, by match id: those that stand with the version that was made. One that changed again meanwhile, or
   * that somebody has locked, is left out: the next look finds it.
   */
  async commit(judged: readonly JudgedRow[]): Promise<ReadonlyMap<string, MatchState>> {
    const atS = Math.floor(this.clock.nowMs() / 1000);
    const rows = new Map(judged.map(({ row }) => [row.matchId, row]));
    const waiting = judged.flatMap((one) => (needsVersion(one) ? [toAccepted(one, atS)] : []));
    if (waiting.length === 0) return rows;
    const made = await this.store.acceptForeign(waiting, atS, this.right.fence);
    for (const accepted of waiting) {
      const { matchId } = accepted.next;
      if (made.has(matchId)) rows.set(matchId, asCommitted(accepted, rows.get(matchId)));
      else rows.delete(matchId);
    }
    return rows;
  }
}

/** The trigger makes versions, too, and leaves what is to follow, or to stay; `livescore match end` leaves nothing. */
function needsVersion({ known, row, verdict }: JudgedRow): boolean {
  if (verdict !== 'accepted' && verdict !== 'authority') return false;
  const isMoved = movedKickoffs(row.kickoffs, known) && !setsKickoffs(row);
  const isBare = row.status !== known.status && row.origin?.journaledBy !== 'admin';
  const isToFollow = verdict === 'authority' && (row.torn || isBare);
  return row.version === known.version || isMoved || isToFollow;
}

/** Of a row that a person wrote all columns follow; of others only a kick-off that was moved is put back. */
function asCommitted({ next, fingerprint, byAuthority }: AcceptedRow, row: MatchState | undefined): MatchState {
  const { origin, ...state } = next;
  const version = next.version + 1;
  if (byAuthority) return { ...state, version, torn: false };
  if (!origin || !row || !isSameTimes(next, row)) return { ...state, version };
  return { ...state, version, origin: { ...origin, fingerprint: fingerprint.replace(/^\d+/, String(version)) } };
}

function isSameTimes({ kickoffs: a }: MatchState, { kickoffs: b }: MatchState): boolean {
  return a.firstHalfS === b.firstHalfS && a.secondHalfS === b.secondHalfS && a.overtimeS === b.overtimeS;
}

function toAccepted({ known, row, verdict }: JudgedRow, atS: number): AcceptedRow {
  const next = foreignRow(row, known, verdict, atS);
  return { known, next, fingerprint: row.origin?.fingerprint ?? '', byAuthority: verdict === 'authority' };
}
