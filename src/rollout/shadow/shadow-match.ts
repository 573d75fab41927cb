import { decide, type GuardContext, type ScoreUpdate } from '../../domain/decide.js';
import { deriveEvents } from '../../domain/derive-events.js';
import { hear } from '../../domain/hear.js';
import { NOTHING_HEARD } from '../../domain/heard.js';
import type { MatchEvent } from '../../domain/match-event.js';
import type { MatchState } from '../../domain/match-state.js';
import { isLive } from '../../domain/match-status.js';
import { type LegacyRow, MAX_SAMPLES, type ShadowSample, type ShownMatch } from '../ports/shadow-store.js';
import { GoalTimes } from './goal-times.js';
import { ValueHistory } from './value-history.js';

export interface ComparisonTimes {
  readonly settleMs: number;
  readonly patienceMs: number;
}

/** What one look at the row found. */
export interface Comparison {
  readonly result: 'consistent' | 'inconsistent';
  /** of an inconsistent one, until the match has enough of them */
  readonly sample: ShadowSample | null;
}

const MAX_REPORTED = 64;

/**
 * One match as the direct path would have written it, against the row that the legacy path wrote. Each visible state of
 * the candidate is judged once: consistent when the row shows it too, inconsistent when the row shows what the candidate
 * left longer ago than anybody waits. A score or status that the feed never said is inconsistent by itself. Score and
 * status are looked at apart, since the legacy path writes them apart.
 */
export class ShadowMatch {
  readonly goals = new GoalTimes();
  private readonly scores = new ValueHistory();
  private readonly statuses = new ValueHistory();
  private readonly reported = new Set<string>();
  private heard = NOTHING_HEARD;
  private samples = 0;
  private begun = false;
  private judged = false;
  private changedAtMs: number;
  private rowKey = '';
  private rowSinceMs: number;
  private lookedMs = Number.NEGATIVE_INFINITY;

  /** @param state the row when the match was first seen */
  constructor(
    private state: MatchState,
    nowMs: number,
  ) {
    this.changedAtMs = nowMs;
    this.rowSinceMs = nowMs;
    this.remember(nowMs);
  }

  get shown(): ShownMatch {
    return { status: this.state.status, ...this.state.shown };
  }

  /** Our clock, unix ms. */
  get lookedAtMs(): number {
    return this.lookedMs;
  }

  /**
   * What the direct path would make of it.
   * @returns what it would have told clients; of the first update nothing, since nobody knows since when the feed said so
   * @throws whatever the guard throws at a broken update
   */
  judge(update: ScoreUpdate, context: GuardContext): readonly MatchEvent[] {
    const before = this.state;
    const heard = { ...context, heard: this.heard };
    const { outcome, next } = decide(before, update, heard);
    this.heard = hear(this.heard, update, outcome, before, heard);
    this.state = next;
    const first = !this.begun;
    this.begun = true;
    if (outcome.kind !== 'applied') return [];
    if (keyOf(this.shown) !== keyOf({ status: before.status, ...before.shown })) {
      this.judged = false;
      this.changedAtMs = context.nowMs;
      this.remember(context.nowMs);
    }
    return first ? [] : deriveEvents(before, next, []);
  }

  /** @returns null while there is nothing to say, or all has been said */
  compare(row: LegacyRow, nowMs: number, { settleMs, patienceMs }: ComparisonTimes): Comparison | null {
    const key = keyOf(row);
    this.lookedMs = nowMs;
    if (key !== this.rowKey) {
      this.rowKey = key;
      this.rowSinceMs = nowMs;
    }
    const settled = nowMs - Math.max(this.rowSinceMs, this.changedAtMs) >= settleMs;
    const scoreLateMs = this.scores.latenessMs(scoreOf(row), nowMs);
    const statusLateMs = this.statuses.latenessMs(String(row.status), nowMs);
    if (scoreLateMs === null || statusLateMs === null) {
      return settled && this.reportOnce(key) ? this.inconsistent('never-said', row, nowMs) : null;
    }
    if (this.judged) return null;
    if (scoreLateMs === 0 && statusLateMs === 0) {
      this.judged = settled;
      return settled ? { result: 'consistent', sample: null } : null;
    }
    if (Math.max(scoreLateMs, statusLateMs) < patienceMs) return null;
    this.judged = true;
    return this.inconsistent('too-late', row, nowMs);
  }

  /** Has everything been said that ever will be? A match that goes on is begun anew. */
  isOver(nowMs: number, { settleMs, patienceMs }: ComparisonTimes): boolean {
    return !isLive(this.state.status) && nowMs - this.changedAtMs > patienceMs + 2 * settleMs;
  }

  private remember(nowMs: number): void {
    this.scores.say(scoreOf(this.shown), nowMs);
    this.statuses.say(String(this.state.status), nowMs);
  }

  private reportOnce(key: string): boolean {
    if (this.reported.has(key) || this.reported.size >= MAX_REPORTED) return false;
    this.reported.add(key);
    return true;
  }

  private inconsistent(why: ShadowSample['why'], row: LegacyRow, nowMs: number): Comparison {
    if (this.samples >= MAX_SAMPLES) return { result: 'inconsistent', sample: null };
    this.samples++;
    const sample = { at: new Date(nowMs).toISOString(), why, candidate: this.shown, row };
    return { result: 'inconsistent', sample };
  }
}

const scoreOf = ({ home, away }: ShownMatch): string => `${home}-${away}`;
const keyOf = (shown: ShownMatch): string => `${shown.status}:${scoreOf(shown)}`;
