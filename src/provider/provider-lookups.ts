import { Injectable, Logger, type OnModuleDestroy, Optional } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { MatchLookups } from '../contracts/match-lookups.js';
import { type Receipt, UpdateSink } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import { Accounting } from '../kernel/accounting.js';
import { retryPauseMs } from '../kernel/backoff.js';
import { Clock } from '../kernel/clock.js';
import { logFields } from '../kernel/log-fields.js';
import { Scheduler } from '../kernel/scheduler.js';
import { Timer } from '../kernel/timer.js';
import { BrokerBackpressure, NO_BROKER } from '../mqtt-ingest/ports/broker-backpressure.js';
import { LookupRecord } from './lookup-record.js';
import { type LiveSnapshot, ProviderApi } from './ports/provider-api.js';
import { ProviderError } from './provider.errors.js';
import { WantedMatches } from './wanted-matches.js';

/** Pause between two questions: the rhythm the provider asks for. */
const SPACING_MS = 2_000;
/** How soon to look again whether the broker still holds frames back. */
const BACKLOG_LOOK_MS = 1_000;
const MOST_RETRIES = 3;
const RETRY = { firstMs: 5_000, maxMs: 20_000 };

/**
 * Asks the provider about single matches. One question serves all matches that are due, and only they are taken from the
 * answer: the provider's own filter by match id cannot be trusted. A match that the answer does not mention is settled,
 * too: the provider has nothing to say about it. Nobody is asked while there is a {@link BrokerBackpressure}.
 */
@Injectable()
export class ProviderLookups implements OnModuleDestroy {
  private readonly logger = new Logger(ProviderLookups.name);
  private readonly wanted = new WantedMatches();
  private readonly stopping = new AbortController();
  private readonly timer: Timer;
  private timerAtMs = Number.POSITIVE_INFINITY;
  private asking = false;
  private freeAtMs = Number.NEGATIVE_INFINITY;
  private readonly requests: Subscription;
  private readonly receipt: Receipt = {
    awaitsCommit: false,
    concluded: (_update: MatchUpdate, { kind }: Outcome) => this.record.count(kind),
  };

  constructor(
    private readonly api: ProviderApi,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly accounting: Accounting,
    private readonly record: LookupRecord,
    lookups: MatchLookups,
    @Optional() private readonly backlog: BrokerBackpressure = NO_BROKER,
    @Optional() private readonly sink?: UpdateSink,
  ) {
    this.timer = new Timer(scheduler);
    this.requests = lookups.requests$.subscribe(({ matchId, notBeforeMs }) => this.request(matchId, notBeforeMs));
  }

  private request(matchId: string, notBeforeMs: number): void {
    if (!this.api.enabled || this.stopping.signal.aborted) return;
    if (!this.wanted.add(matchId, notBeforeMs, this.clock.nowMs())) this.record.count('dropped');
    this.plan();
  }

  onModuleDestroy(): void {
    this.requests.unsubscribe();
    this.stopping.abort();
    this.timer.stop();
  }

  private plan(): void {
    const dueAtMs = this.wanted.nextAtMs();
    if (dueAtMs === null || this.asking || this.stopping.signal.aborted) return;
    const nowMs = this.clock.nowMs();
    const freeAtMs = this.freeAtMs - nowMs > SPACING_MS ? nowMs : this.freeAtMs;
    const atMs = Math.max(dueAtMs, freeAtMs, nowMs);
    if (this.timer.isSet && this.timerAtMs <= atMs) return;
    this.timerAtMs = atMs;
    this.timer.set(atMs - nowMs, () => void this.ask());
  }

  private async ask(): Promise<void> {
    if (!this.backlog.isOver) {
      this.freeAtMs = this.clock.nowMs() + BACKLOG_LOOK_MS;
      this.plan();
      return;
    }
    const dueIds = this.wanted.due(this.clock.nowMs());
    if (dueIds.length > 0) {
      this.asking = true;
      try {
        this.take(await this.api.liveMatches(this.stopping.signal), dueIds);
      } catch (error) {
        this.retryLater(dueIds, error);
      }
      this.asking = false;
      this.freeAtMs = this.clock.nowMs() + SPACING_MS;
    }
    this.plan();
  }

  private take({ updates, requestedAtMs }: LiveSnapshot, dueIds: readonly string[]): void {
    this.record.answered();
    const asked = new Set(dueIds);
    const answers = updates.filter((update) => asked.has(update.matchId));
    this.wanted.answered(dueIds, requestedAtMs);
    for (const { matchId } of answers) asked.delete(matchId);
    this.record.count('absent', asked.size);
    if (answers.length === 0 || !this.sink) return;
    this.accounting.received(answers.length);
    this.sink.submit(answers, this.receipt);
  }

  private retryLater(dueIds: readonly string[], error: unknown): void {
    if (this.stopping.signal.aborted) return;
    this.record.failed();
    if (!(error instanceof ProviderError)) this.logger.error('A lookup failed', logFields({ error }));
    const retryAtMs = error instanceof ProviderError ? error.retryAtMs : null;
    const nowMs = this.clock.nowMs();
    const givenUp = this.wanted.failed(dueIds, MOST_RETRIES, (failures) => {
      return Math.max(nowMs + retryPauseMs(RETRY, failures, this.scheduler), retryAtMs ?? nowMs);
    });
    this.record.count('given-up', givenUp);
  }
}
