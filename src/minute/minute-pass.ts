import { Injectable, Optional } from '@nestjs/common';
import { CommittedChanges, type MinuteCommitted } from '../contracts/committed-changes.js';
import { MatchRouter } from '../contracts/match-router.js';
import { WriteFence } from '../contracts/write-fence.js';
import { Clock } from '../kernel/clock.js';
import type { FeatureMode } from '../kernel/feature-mode.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { type FollowedMatch, FollowedMatches } from './followed-matches.js';
import { MinuteComparison } from './minute-comparison.js';
import { type DueMinute, type LiveRow, MinuteStore } from './ports/minute-store.js';

/**
 * One pass over the matches that are being played: one statement with the minutes of all that are known, which answers
 * with all that there are. A second one follows only for those that were new in it, or had another kick-off or status.
 */
@Injectable()
export class MinutePass {
  constructor(
    private readonly store: MinuteStore,
    private readonly followed: FollowedMatches,
    private readonly comparison: MinuteComparison,
    private readonly right: WriteFence,
    private readonly changes: CommittedChanges,
    private readonly clock: Clock,
    private readonly metrics: LiveScoreMetrics,
    @Optional() private readonly router?: MatchRouter,
  ) {}

  /** All matches. */
  async all(mode: FeatureMode): Promise<void> {
    const nowS = this.nowS();
    const known = [...this.followed.all()];
    const allDue = mode === 'on' ? this.dueOf(known, nowS) : [];
    const { rows, news } = await this.tick(allDue, nowS, null);
    this.followed.keep(known, [...rows, ...allDue]);
    await this.meet(news);
    this.publish(rows, nowS);
    let written = rows.filter((row) => row.written).length;
    const due = this.dueOf(news, nowS).filter(({ matchId, minute }) => minute !== this.followed.find(matchId)?.minute);
    if (mode === 'on' && due.length > 0) written += await this.write(due, nowS);
    if (mode === 'shadow') this.compare(rows, nowS);
    this.metrics.minutesWritten.inc(written);
    this.comparison.ticked(this.followed.size, written);
  }

  /** Those whose minute has changed since their row was seen; no statement when there are none. */
  async changed(): Promise<void> {
    const nowS = this.nowS();
    const due = this.dueOf(this.followed.all(), nowS);
    const changed = due.filter(({ matchId, minute }) => minute !== this.followed.find(matchId)?.minute);
    if (changed.length > 0) this.metrics.minutesWritten.inc(await this.write(changed, nowS));
  }

  /** The matches whose minute is written here. */
  ours(): readonly string[] {
    return [...this.followed.all()].flatMap(({ matchId }) => (this.isOurs(matchId) ? [matchId] : []));
  }

  /** Until the next match shows another minute, ms; infinite while none will. */
  nextChangeInMs(): number {
    const nowS = this.nowS();
    let nextS: number | null = null;
    for (const match of this.followed.all()) {
      const atS = this.isOurs(match.matchId) ? this.followed.nextMinuteAtS(match, nowS) : null;
      if (atS !== null && (nextS === null || atS < nextS)) nextS = atS;
    }
    return nextS === null ? Number.POSITIVE_INFINITY : nextS * 1000 - this.clock.nowMs();
  }

  private async write(due: readonly DueMinute[], nowS: number): Promise<number> {
    const only = due.map(({ matchId }) => matchId);
    const { rows } = await this.tick(due, nowS, only);
    this.publish(rows, nowS);
    return rows.filter(({ written }) => written).length;
  }

  private async tick(due: readonly DueMinute[], atS: number, only: readonly string[] | null) {
    const { rows, gone } = await this.store.tick(due, { fence: this.right.fence, atS, only });
    this.followed.confirm(due);
    const news = this.followed.adopt(rows);
    this.followed.drop(gone);
    return { rows, news };
  }

  private dueOf(matches: Iterable<FollowedMatch>, nowS: number): readonly DueMinute[] {
    const due: DueMinute[] = [];
    for (const match of matches) {
      const minute = this.isOurs(match.matchId) ? this.followed.minuteOf(match, nowS) : null;
      if (minute !== null) due.push({ matchId: match.matchId, basis: match.basis, minute });
    }
    return due;
  }

  /** What their rows do not say: incarnation, and added time that was announced before this process met them. */
  private async meet(news: readonly FollowedMatch[]): Promise<void> {
    const strangers = news.filter(({ epoch }) => epoch === null).map(({ matchId }) => matchId);
    if (strangers.length === 0) return;
    for (const acquaintance of await this.store.acquaint(strangers)) this.followed.acquaint(acquaintance);
  }

  private publish(rows: readonly LiveRow[], nowS: number): void {
    const ticks = rows.flatMap((row) => (row.written ? (this.committed(row, nowS) ?? []) : []));
    if (ticks.length > 0) this.changes.publish(ticks);
  }

  private committed({ matchId, version, status, minute, ...row }: LiveRow, nowS: number): MinuteCommitted | null {
    if (minute === null) return null;
    const match = this.followed.find(matchId);
    const isBack = row.before !== null && minute < row.before && match?.isCorrected;
    if (match) match.isCorrected = false;
    const epoch = match?.epoch ?? 0;
    const clock = this.followed.clockOf({ matchId, status, ...row });
    const times = { receivedAtMs: nowS * 1000, committedAtMs: this.clock.nowMs() };
    const facts = { kind: 'minute', matchId, epoch, version, status, minute, clock, ...times } as const;
    return isBack ? { ...facts, kickoffCorrected: true } : facts;
  }

  private compare(rows: readonly LiveRow[], nowS: number): void {
    const computed = new Map(this.dueOf(this.followed.all(), nowS).map(({ matchId, minute }) => [matchId, minute]));
    const compared = rows.filter(({ matchId }) => computed.has(matchId));
    const differences = compared.flatMap(({ matchId, status, before }) => {
      const minute = computed.get(matchId) as number;
      return before === minute ? [] : [{ matchId, status, stored: before, computed: minute }];
    });
    this.comparison.compared(compared.length, differences);
  }

  private isOurs(matchId: string): boolean {
    if (!this.router) return true;
    return this.router.routeOf(matchId) === 'direct' && !this.router.isMoving(matchId);
  }

  private nowS(): number {
    return Math.floor(this.clock.nowMs() / 1000);
  }
}
