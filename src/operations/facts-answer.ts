import { Injectable, Optional } from '@nestjs/common';
import { ResolvedBroadcastOptions } from '../broadcast/broadcast.options.js';
import type { DatabaseFacts } from '../contracts/health-facts.js';
import { HealthProbes } from '../contracts/health-probe.js';
import { LatencyFacts } from '../contracts/latency-facts.js';
import { HealthReport } from '../health/health-report.js';
import { Readiness } from '../health/readiness.js';
import { Clock } from '../kernel/clock.js';
import { within } from '../kernel/deadline.js';
import { Scheduler } from '../kernel/scheduler.js';
import { actorOf } from './access/actor.js';
import { ActionDesk } from './actions/action-desk.js';
import { MatchNames } from './adapters/pg/match-names.js';
import type { DatabaseState, GoalFact, OperationsFacts, ReadyFacts, TotalFacts } from './facts.js';
import type { PageRequest } from './http/page-request.js';
import { ResolvedOperationsOptions } from './operations.options.js';
import { Counters } from './recorded/counters.js';
import { Recorder } from './recorded/recorder.js';
import { ToldScores } from './recorded/told-scores.js';
import type { Window } from './recorded/window.js';
import { StoredFactsReader } from './stored/stored-facts.js';

/** How long an answer waits for a round of questions that is under way: a database that is slow is told as it was. */
const WAIT_MS = 300;
/** Looks further apart do not tell when it began. */
const LOOKED_LATELY_MS = 10_000;
const TIME = /^\d{1,15}$/;

/** Collects the facts of the page: from memory, and from the database as it was read last. */
@Injectable()
export class FactsAnswer {
  private database: DatabaseState = { ok: true, error: null, sinceMs: null };
  private lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly options: ResolvedOperationsOptions,
    private readonly report: HealthReport,
    private readonly readiness: Readiness,
    private readonly probes: HealthProbes,
    private readonly recorder: Recorder,
    private readonly counters: Counters,
    private readonly scores: ToldScores,
    private readonly names: MatchNames,
    private readonly stored: StoredFactsReader,
    private readonly desk: ActionDesk,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Optional() private readonly latencies?: LatencyFacts,
    @Optional() private readonly broadcast?: ResolvedBroadcastOptions,
  ) {}

  /** @param since time of the answer that the reader has; anything else: it has none */
  async to(request: PageRequest, token: string, since: unknown): Promise<OperationsFacts> {
    await within(this.stored.refresh(), WAIT_MS, this.scheduler);
    const nowMs = this.clock.nowMs();
    const sinceMs = typeof since === 'string' && TIME.test(since) && Number(since) <= nowMs ? Number(since) : null;
    const {
      ok: _ok,
      status: _status,
      service,
      uptime_s: uptimeS,
      commit,
      accounting,
      timestamp: _at,
      ...health
    } = this.report.liveness();
    const [ready, { db = WELL }] = await Promise.all([this.ready(), this.probes.ready()]);
    const window: Window = { sinceMs, untilMs: nowMs };
    const { pool = null, webSocket = null, liveGap = null } = this.probes.internal();
    return {
      now: new Date(nowMs).toISOString(),
      nowMs,
      isWhole: sinceMs === null,
      token,
      actor: actorOf(request),
      actions: this.desk.names,
      ws: this.options.ws ?? this.broadcast?.path ?? null,
      service: { name: service, commit, uptimeS, pid: process.pid, node: process.version },
      process: this.recorder.process,
      health,
      accounting,
      ready,
      pool,
      webSocket,
      liveGap,
      totals: await this.totals(),
      latency: { stats: this.latencies?.stats() ?? null, ...this.scores.latency },
      series: this.recorder.seriesIn(window),
      feedHistory: this.recorder.feedIn(window),
      goals: this.goals(window),
      database: this.databaseNow(db, nowMs),
      stored: this.stored.facts,
    };
  }

  private async ready(): Promise<ReadyFacts> {
    const { ok, db, draining, checks, feed, standby } = await this.readiness.report();
    return {
      ok,
      db,
      draining,
      ...(checks && { checks }),
      ...(feed && { feed }),
      ...(standby !== undefined && { standby }),
    };
  }

  private async totals(): Promise<TotalFacts> {
    const { messages, updates, commits, rejected, errors, frames } = await this.counters.read();
    return { messages, updates, commits, rejected, errors, frames };
  }

  private goals(window: Window): readonly GoalFact[] {
    const told = this.scores.goals(window);
    void this.names.learn(told.map(({ matchId }) => matchId));
    return told.map((goal) => {
      const { home, away } = this.names.of(goal.matchId);
      return { ...goal, home, away };
    });
  }

  /** The probe's word, or that of the questions of the page where they fail. */
  private databaseNow(db: DatabaseFacts, nowMs: number): DatabaseState {
    const failed = this.stored.facts.live.error;
    const ok = db.ok && failed === null;
    const error = ok ? null : (db.error ?? `failed: ${failed}`);
    const isSeen = nowMs - this.lookedAtMs < LOOKED_LATELY_MS;
    this.lookedAtMs = nowMs;
    if (ok !== this.database.ok) this.database = { ok, error, sinceMs: isSeen ? nowMs : null };
    else if (error !== this.database.error) this.database = { ...this.database, error };
    return this.database;
  }
}

const WELL: DatabaseFacts = { ok: true };
