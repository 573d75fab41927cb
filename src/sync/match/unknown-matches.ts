import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Observable, Subject, type Subscription } from 'rxjs';
import { MatchLookups } from '../../contracts/match-lookups.js';
import { Clock } from '../../kernel/clock.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { Timer } from '../../kernel/timer.js';
import { FixtureStore } from '../ports/fixture-store.js';

/** Questions that come together are looked at together. */
const LOOK_AFTER_MS = 1_000;
/** Which list may have the match, and how long it has for that, ms. */
const LADDER = [
  { job: 'recent', waitMs: 75_000 },
  { job: 'diary', waitMs: 120_000 },
  { job: 'diary', waitMs: 600_000 },
] as const;
const MOST_UNKNOWN = 1_000;
const MOST_KNOWN = 10_000;
/** A match that is in no list is not looked for again for so long. */
const GIVEN_UP_FOR_MS = 3_600_000;

/** A job that is wanted at once, because a list of it may have a match without a row. */
export type WantedList = (typeof LADDER)[number]['job'];

interface Sought {
  rung: number;
  /** looked at again then, our clock, unix ms */
  dueMs: number;
}

/**
 * The matches that the feed speaks of and that have no row. Each question to the provider about a match is looked at: has it a
 * row? One that has none is sought in the recent list, then in the diary of today, then once more, and then given up.
 */
@Injectable()
export class UnknownMatches implements OnModuleDestroy {
  private readonly warning = new SampledWarning(
    new Logger(UnknownMatches.name),
    'Unknown matches could not be looked up',
  );
  private readonly sought = new Map<string, Sought>();
  private readonly known: LRUCache<string, true>;
  private readonly wanted = new Subject<WantedList>();
  private readonly timer: Timer;
  private readonly requests: Subscription;
  private timerAtMs = Number.POSITIVE_INFINITY;
  private isLooking = false;
  /** Whoever runs the jobs lets one of that name run at once. */
  readonly wake$: Observable<WantedList> = this.wanted.asObservable();

  constructor(
    private readonly store: FixtureStore,
    private readonly clock: Clock,
    scheduler: Scheduler,
    lookups: MatchLookups,
  ) {
    this.timer = new Timer(scheduler);
    this.known = new LRUCache({ max: MOST_KNOWN, ttl: GIVEN_UP_FOR_MS, perf: { now: () => clock.nowMs() } });
    this.requests = lookups.requests$.subscribe(({ matchId }) => this.note(matchId));
  }

  get size(): number {
    return this.sought.size;
  }

  /** Somebody spoke of the match: has it a row? Never waits. */
  note(matchId: string): void {
    if (!this.wanted.observed) return;
    if (this.known.has(matchId) || this.sought.has(matchId) || this.sought.size >= MOST_UNKNOWN) return;
    this.sought.set(matchId, { rung: 0, dueMs: this.clock.nowMs() });
    this.plan();
  }

  /** The match has its row now. @returns was it sought? */
  found(matchId: string): boolean {
    this.known.set(matchId, true);
    return this.sought.delete(matchId);
  }

  onModuleDestroy(): void {
    this.requests.unsubscribe();
    this.timer.stop();
    this.wanted.complete();
  }

  private plan(): void {
    if (this.isLooking || this.sought.size === 0) return;
    const nextMs = Math.min(...[...this.sought.values()].map(({ dueMs }) => dueMs));
    const nowMs = this.clock.nowMs();
    const atMs = Math.max(nowMs + LOOK_AFTER_MS, nextMs);
    if (this.timer.isSet && this.timerAtMs <= atMs) return;
    this.timerAtMs = atMs;
    this.timer.set(atMs - nowMs, () => void this.look());
  }

  private async look(): Promise<void> {
    this.isLooking = true;
    const nowMs = this.clock.nowMs();
    const due = [...this.sought].flatMap(([matchId, { dueMs }]) => (dueMs <= nowMs ? [matchId] : []));
    try {
      const unknown = new Set(due.length > 0 ? await this.store.withoutRow(due) : []);
      for (const matchId of due) if (!unknown.has(matchId)) this.found(matchId);
      this.seek([...unknown], nowMs);
    } catch (error) {
      for (const matchId of due) this.postpone(matchId, nowMs);
      this.warning.warn({ error: String(error) });
    }
    this.isLooking = false;
    this.plan();
  }

  private seek(unknown: readonly string[], nowMs: number): void {
    const jobs = new Set<WantedList>();
    for (const matchId of unknown) {
      const sought = this.sought.get(matchId);
      const step = sought && LADDER[sought.rung];
      if (!sought) continue;
      if (!step) {
        this.found(matchId);
        continue;
      }
      jobs.add(step.job);
      sought.rung += 1;
      sought.dueMs = nowMs + step.waitMs;
    }
    for (const job of jobs) this.wanted.next(job);
  }

  private postpone(matchId: string, nowMs: number): void {
    const sought = this.sought.get(matchId);
    if (sought) sought.dueMs = nowMs + LADDER[0].waitMs;
  }
}
