import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Subject } from 'rxjs';
import { type MatchTimes, STANDARD_TIMES } from '../../contracts/match-times.js';
import type { Clock } from '../../kernel/clock.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import type { Scheduler } from '../../kernel/scheduler.js';
import { Timer } from '../../kernel/timer.js';
import { reasonOf } from '../../kernel/unreachable.errors.js';
import type { JournaledChange, RecentChanges } from '../../reannounce/ports/recent-changes.js';
import { type FoundVersions, MissingVersions } from '../ports/missing-versions.js';
import type { Position } from '../ports/position.js';
import type { Told } from '../ports/told.js';
import { toldByJournal } from './journal-told.js';

/** Of one query. */
const MOST_MATCHES = 500;
const MOST_VERSIONS = 5_000;
/** Between the beginnings of two queries. */
const EVERY_MS = 20;
const AFTER_FAILURE_MS = 100;
const GIVE_UP_MS = 1_000;
/** Matches that wait; more are given up at once. */
const MOST_WAITING = 20_000;

/** Versions of one match that are wanted. */
interface Gap {
  readonly sinceMs: number;
  /** what was found leads up to it */
  after: Position;
  readonly found: Told[];
  /** asked for once more while the journal was being read: what came since may be missing */
  isWantedAgain: boolean;
}

/**
 * Reads in the journal what nobody told, in one query for all matches: *idle* → `ask` → *waiting* for up to 20 ms → *reading* →
 * *waiting* again while some are left, else *idle*. Each match gets one answer, 1 s after it was asked for at the latest:
 * then what was found by then, or null. A query that fails is tried again meanwhile.
 */
export class GapFiller extends MissingVersions implements OnApplicationShutdown {
  private readonly answers = new Subject<FoundVersions>();
  override readonly answered$ = this.answers.asObservable();
  private readonly gaps = new Map<string, Gap>();
  private readonly failures = new SampledWarning(
    new Logger('Broadcast'),
    'The versions that clients missed could not be read',
  );
  private readonly next: Timer;
  private readonly expiry: Timer;
  private notBeforeMs = Number.NEGATIVE_INFINITY;
  private isReading = false;
  private stopped = false;

  /** @param times what the host knows of formats beside the database */
  constructor(
    private readonly journal: Pick<RecentChanges, 'after'>,
    private readonly scheduler: Scheduler,
    private readonly clock: Clock,
    private readonly times: MatchTimes = STANDARD_TIMES,
  ) {
    super();
    this.next = new Timer(scheduler);
    this.expiry = new Timer(scheduler);
  }

  override ask(matchId: string, after: Position): void {
    const known = this.gaps.get(matchId);
    if (known) known.isWantedAgain = true;
    else if (this.stopped || this.gaps.size >= MOST_WAITING) queueMicrotask(() => this.answer(matchId, null));
    else {
      const sinceMs = this.scheduler.monotonicMs();
      this.gaps.set(matchId, { sinceMs, after, found: [], isWantedAgain: false });
      if (!this.expiry.isSet) this.expiry.set(GIVE_UP_MS, () => this.giveUp());
      this.schedule();
    }
  }

  /** All that wait are answered by null. */
  onApplicationShutdown(): void {
    this.stopped = true;
    this.next.stop();
    this.expiry.stop();
    const left = [...this.gaps.keys()];
    this.gaps.clear();
    for (const matchId of left) this.answer(matchId, null);
  }

  private schedule(): void {
    if (this.isReading || this.next.isSet || this.gaps.size === 0) return;
    this.next.set(Math.max(0, this.notBeforeMs - this.scheduler.monotonicMs()), () => void this.read());
  }

  private async read(): Promise<void> {
    const asked = [...this.gaps].slice(0, MOST_MATCHES);
    if (asked.length === 0) return;
    for (const [, gap] of asked) gap.isWantedAgain = false;
    this.isReading = true;
    this.notBeforeMs = this.scheduler.monotonicMs() + EVERY_MS;
    try {
      const wanted = asked.map(([matchId, { after }]) => ({ matchId, after }));
      const { changes, isCut } = await this.journal.after(wanted, MOST_VERSIONS);
      this.take(asked, changes, isCut);
    } catch (error) {
      this.notBeforeMs = this.scheduler.monotonicMs() + AFTER_FAILURE_MS;
      this.failures.warn({ error: reasonOf(error) });
    } finally {
      this.isReading = false;
      this.schedule();
    }
  }

  private take(asked: readonly (readonly [string, Gap])[], changes: readonly JournaledChange[], isCut: boolean): void {
    const byMatch = new Map<string, JournaledChange[]>(asked.map(([matchId]) => [matchId, []]));
    for (const change of changes) byMatch.get(change.matchId)?.push(change);
    const last = changes.at(-1)?.matchId;
    for (const [matchId, gap] of asked) {
      if (this.gaps.get(matchId) !== gap) continue;
      const ofMatch = byMatch.get(matchId) ?? [];
      this.append(gap, ofMatch);
      // of a cut answer the last match may go on, and those that are not in it are not read yet
      const isWhole = !isCut || (ofMatch.length > 0 && matchId !== last);
      if (isWhole && !gap.isWantedAgain) this.settle(matchId, gap.found);
    }
  }

  private append(gap: Gap, changes: readonly JournaledChange[]): void {
    gap.found.push(...toldByJournal(changes, gap.after, this.clock.nowMs(), this.times));
    gap.after = changes.at(-1) ?? gap.after;
  }

  private answer(matchId: string, versions: readonly Told[] | null): void {
    this.answers.next({ matchId, versions });
  }

  private settle(matchId: string, versions: readonly Told[] | null): void {
    this.gaps.delete(matchId);
    if (this.gaps.size === 0) this.expiry.clear();
    this.answer(matchId, versions);
  }

  /** The oldest stand first. */
  private giveUp(): void {
    const nowMs = this.scheduler.monotonicMs();
    for (const [matchId, { sinceMs, found }] of this.gaps) {
      const leftMs = sinceMs + GIVE_UP_MS - nowMs;
      if (leftMs > 0) {
        this.expiry.set(leftMs, () => this.giveUp());
        return;
      }
      this.settle(matchId, found.length > 0 ? found : null);
    }
  }
}
