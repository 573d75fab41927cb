import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  Optional,
} from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { hasScore, NO_CIRCUMSTANCES, type ScoreUpdate } from '../../domain/decide.js';
import type { MatchUpdate } from '../../domain/match-update.js';
import { Clock } from '../../kernel/clock.js';
import { within } from '../../kernel/deadline.js';
import { LiveScoreMetrics } from '../../kernel/livescore-metrics.js';
import { Poller } from '../../kernel/poller.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { ProviderClock, UNMEASURED } from '../../provider/ports/provider-clock.js';
import { ScoreStore } from '../../score-writer/ports/score-store.js';
import { ResolvedScoreWriterOptions } from '../../score-writer/score-writer.options.js';
import { ShadowSink } from '../ports/shadow-sink.js';
import { type LegacyRow, ShadowStore } from '../ports/shadow-store.js';
import { ResolvedRolloutWatchOptions } from '../watch/rollout-watch.options.js';
import { ClockOffset } from './clock-offset.js';
import { type FirstRow, FirstRows } from './first-rows.js';
import { ShadowMatch } from './shadow-match.js';
import { ShadowReport } from './shadow-report.js';

const MAX_MATCHES = 10_000;
const MAX_INBOX = 16;
const ROWS_PER_ROUND = 500;
/** Longest wait for the last findings to be written down when the process ends. */
const LAST_ROUND_MS = 1_000;
/** Before a match without a row is looked for again. */
const NO_ROW_MS = 30_000;

/** Our clock. */
interface Moment {
  readonly nowMs: number;
  readonly readAtMs: number;
}

/** Not compared yet: what arrived while its row is looked for. */
interface Newcomer {
  inbox: ScoreUpdate[];
  /** there was no row */
  missingSinceMs: number | null;
}

/**
 * What the direct path would have written, beside what the legacy path wrote, for matches in shadow. Decides every update
 * without writing it; every `compareMs` the rows of the matches that have something to compare are read (500 in one
 * statement, the others in the next round), and what was found is written down. A match:
 *
 * *newcomer* → (row read) → *compared* → (out of play, nothing left to say) → forgotten.
 */
@Injectable()
export class ShadowComparison
  extends ShadowSink
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown
{
  private readonly logger = new Logger('Shadow');
  private readonly failures = new SampledWarning(this.logger, 'The direct path threw at an update');
  private readonly warning = new SampledWarning(this.logger, 'The comparison could not read or keep what it needs');
  private readonly matches = new LRUCache<string, ShadowMatch | Newcomer>({
    max: MAX_MATCHES,
    dispose: (match, matchId, reason) => {
      if (reason === 'evict') this.giveUpGoals(matchId, match);
    },
  });
  private readonly offset = new ClockOffset();
  private readonly firstRows: FirstRows;
  private readonly report: ShadowReport;
  private readonly poller: Poller;

  constructor(
    private readonly options: ResolvedRolloutWatchOptions,
    private readonly writer: ResolvedScoreWriterOptions,
    scores: ScoreStore,
    private readonly store: ShadowStore,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Optional() private readonly providerClock: ProviderClock = UNMEASURED,
    metrics: LiveScoreMetrics,
  ) {
    super();
    this.firstRows = new FirstRows(scores, store, scheduler, (matchId, row) => this.begin(matchId, row));
    this.report = new ShadowReport(store, this.offset, metrics, this.warning);
    this.poller = new Poller(scheduler, {
      everyMs: options.compareMs,
      turn: () => this.compareAndKeep(),
      warning: this.warning,
    });
  }

  /** Since the start of this process. */
  get totals(): { readonly compared: number; readonly different: number } {
    return this.report.totals;
  }

  override observe(update: MatchUpdate): void {
    if (!hasScore(update)) return;
    const known = this.matches.get(update.matchId);
    if (known instanceof ShadowMatch) this.judge(update.matchId, known, update);
    else this.keep(update, known ?? this.add(update.matchId));
  }

  override forget(matchId: string): void {
    const known = this.matches.peek(matchId);
    if (known) this.giveUpGoals(matchId, known);
    this.firstRows.drop(matchId);
    this.matches.delete(matchId);
  }

  onApplicationBootstrap(): void {
    this.poller.start();
  }

  onModuleDestroy(): void {
    void this.poller.stop();
    this.firstRows.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const last = this.poller.underWay.then(() => this.report.writeDown());
    await within(last, LAST_ROUND_MS, this.scheduler);
  }

  /** One comparison of what is due; the one under way while there is one. Never rejects. */
  round(): Promise<void> {
    return this.poller.run();
  }

  /** Nobody will see when the legacy path has them: they are no loss of its. */
  private giveUpGoals(matchId: string, match: ShadowMatch | Newcomer): void {
    if (match instanceof ShadowMatch) this.report.cancel(matchId, match.goals.missing);
  }

  private async compareAndKeep(): Promise<void> {
    await this.compare();
    await this.report.writeDown();
  }

  private async compare(): Promise<void> {
    const due = this.due();
    if (due.size === 0) return;
    const sentAtMs = this.clock.nowMs();
    const { atMs, rows } = await this.store.rows([...due.keys()]);
    const nowMs = this.clock.nowMs();
    this.offset.measured(atMs, sentAtMs, nowMs);
    for (const [matchId, match] of due) {
      const row = rows.get(matchId);
      // forgotten meanwhile
      if (this.matches.peek(matchId) !== match) continue;
      if (row) this.look(matchId, match, row, { nowMs, readAtMs: this.offset.toOurMs(atMs) });
      if (!row || match.isOver(nowMs, this.options)) this.matches.delete(matchId);
    }
  }

  /** Those that were looked at the longest time ago. */
  private due(): ReadonlyMap<string, ShadowMatch> {
    const compared: [string, ShadowMatch][] = [];
    for (const [matchId, match] of this.matches.entries()) {
      if (match instanceof ShadowMatch) compared.push([matchId, match]);
    }
    if (compared.length > ROWS_PER_ROUND) compared.sort(([, a], [, b]) => a.lookedAtMs - b.lookedAtMs);
    return new Map(compared.slice(0, ROWS_PER_ROUND));
  }

  private look(matchId: string, match: ShadowMatch, row: LegacyRow, { nowMs, readAtMs }: Moment): void {
    for (const goal of match.goals.shown(row, readAtMs)) this.report.goal(matchId, goal);
    const comparison = match.compare(row, nowMs, this.options);
    if (comparison) this.report.compared(matchId, comparison);
  }

  private add(matchId: string): Newcomer {
    const newcomer: Newcomer = { inbox: [], missingSinceMs: null };
    this.matches.set(matchId, newcomer);
    this.firstRows.request(matchId);
    return newcomer;
  }

  private keep(update: ScoreUpdate, newcomer: Newcomer): void {
    const { missingSinceMs } = newcomer;
    if (missingSinceMs !== null) {
      if (this.clock.nowMs() - missingSinceMs < NO_ROW_MS) return;
      newcomer.missingSinceMs = null;
      this.firstRows.request(update.matchId);
    }
    newcomer.inbox.push(update);
    if (newcomer.inbox.length > MAX_INBOX) newcomer.inbox.shift();
  }

  private begin(matchId: string, row: FirstRow | null): void {
    const newcomer = this.matches.peek(matchId);
    if (!newcomer || newcomer instanceof ShadowMatch) return;
    const nowMs = this.clock.nowMs();
    if (!row) {
      newcomer.missingSinceMs = nowMs;
      newcomer.inbox = [];
      return;
    }
    const match = new ShadowMatch(row.state, nowMs);
    const open = row.openGoals.map((goal) => ({ ...goal, directAtMs: nowMs - goal.ageMs, legacyAtMs: null }));
    match.goals.begin(open, row.state.shown);
    this.matches.set(matchId, match);
    for (const update of newcomer.inbox) this.judge(matchId, match, update);
  }

  private judge(matchId: string, match: ShadowMatch, update: ScoreUpdate): void {
    try {
      const nowMs = this.clock.nowMs();
      const { restLagMs } = this.writer;
      const events = match.judge(update, {
        ...NO_CIRCUMSTANCES,
        nowMs,
        restLagMs,
        providerSkewMs: this.providerClock.skewMs,
      });
      if (events.length === 0) return;
      const { told, cancelled } = match.goals.said(events, update.receivedAtMs);
      this.report.cancel(matchId, cancelled);
      for (const goal of told) this.report.goal(matchId, goal);
    } catch (error) {
      this.report.threw(matchId);
      this.failures.warn({ matchId, error: String(error) });
    }
  }
}
