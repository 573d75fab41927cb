import { Injectable, Optional } from '@nestjs/common';
import { BroadcastStats } from '../broadcast/ports/broadcast-stats.js';
import type { DatabaseFacts } from '../contracts/health-facts.js';
import { Clock } from '../kernel/clock.js';
import { within } from '../kernel/deadline.js';
import { Scheduler } from '../kernel/scheduler.js';
import { actorOf } from './access/actor.js';
import { ActionDesk } from './actions/action-desk.js';
import type { DatabaseState, FactsSince, OperationsFacts } from './facts.js';
import { HostFacts } from './host-facts.js';
import type { PageRequest } from './http/page-request.js';
import { ResolvedOperationsOptions } from './operations.options.js';
import { RecordedFacts } from './recorded/recorded-facts.js';
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
    private readonly host: HostFacts,
    private readonly recorded: RecordedFacts,
    private readonly stored: StoredFactsReader,
    private readonly desk: ActionDesk,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Optional() private readonly broadcast?: BroadcastStats,
  ) {}

  /** @param since time of the answer that the reader has; anything else: it has none */
  async to(request: PageRequest, token: string, since: unknown): Promise<OperationsFacts | FactsSince> {
    await within(this.stored.refresh(), WAIT_MS, this.scheduler);
    const nowMs = this.clock.nowMs();
    const sinceMs = typeof since === 'string' && TIME.test(since) && Number(since) <= nowMs ? Number(since) : null;
    const { db, ...host } = await this.host.now();
    const facts = {
      now: new Date(nowMs).toISOString(),
      nowMs,
      token,
      actor: actorOf(request),
      actions: this.desk.names,
      ws: this.options.ws ?? this.broadcast?.endpoint ?? null,
      ...host,
      ...(await this.recorded.in({ sinceMs, untilMs: nowMs })),
      latency: { stats: this.host.latency, ...this.recorded.latency },
      database: this.databaseNow(db, nowMs),
    };
    return sinceMs === null
      ? { ...facts, isWhole: true, stored: this.stored.facts }
      : { ...facts, isWhole: false, stored: this.stored.factsSince(sinceMs) };
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
