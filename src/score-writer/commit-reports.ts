import { Injectable, Logger, Optional } from '@nestjs/common';
import type { ScoreCommitted } from '../contracts/committed-changes.js';
import type { MatchState } from '../domain/match-state.js';
import { APPLIED } from '../domain/outcomes.js';
import { ForeignWriters, NOBODY_LOOKS } from '../foreign-writers/ports/foreign-writers.js';
import { Clock } from '../kernel/clock.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { structuredEvent } from '../kernel/structured-event.js';
import { sqlState } from '../postgres/sql-state.js';
import type { Commit } from './commit.js';
import { DecisionLog } from './decision-log.js';
import { isRevert } from './foreign-row.js';
import { LookupRequests } from './lookup-requests.js';
import { ForeignChanges } from './ports/foreign-changes.js';

/** Says what became of the writes: to whoever waits for an update, to metrics and to the log. */
@Injectable()
export class CommitReports {
  private readonly logger = new Logger('DirectWrite');

  constructor(
    private readonly clock: Clock,
    private readonly log: DecisionLog,
    private readonly lookups: LookupRequests,
    private readonly metrics: LiveScoreMetrics,
    private readonly foreign: ForeignChanges,
    @Optional() private readonly foreignWriters: ForeignWriters = NOBODY_LOOKS,
  ) {}

  /** The changes are in the database, and `facts` were published. */
  committed(commits: readonly Commit[], facts: readonly ScoreCommitted[]): void {
    for (const { joined, newest } of commits.map(({ accepted }) => accepted)) {
      for (const waiting of joined) this.log.conclude(waiting, waiting.fate);
      this.log.conclude(newest, APPLIED);
    }
    for (const fact of facts) {
      this.metrics.receiveToCommit.observe(Math.max(0, fact.committedAtMs - fact.receivedAtMs) / 1000);
      this.reportSuccess(fact);
    }
  }

  /** A statement failed. */
  failed(error: unknown): void {
    this.metrics.writeErrors.labels(sqlState(error) ?? 'none').inc();
  }

  /** Somebody else wrote the row: clients hear what they can see of it, and after a revert the provider is asked. */
  foreignChange(before: MatchState, after: MatchState): void {
    this.metrics.foreignWrites.inc({ mode: this.foreignWriters.mode, result: 'found' });
    this.logger.warn('Somebody else changed a live match', {
      matchId: after.matchId,
      from: summary(before),
      to: summary(after),
    });
    this.foreign.publish(before, after);
    if (isRevert(after, before)) this.lookups.contradicted(after, this.clock.nowMs());
  }

  /** The change of this match can never be written. */
  dead(matchId: string, error: unknown): void {
    this.logger.error(
      structuredEvent(
        'mqtt.direct_write.error',
        {
          level: 'error',
          matchId,
          error: error instanceof Error ? error.message : String(error),
          code: sqlState(error),
        },
        this.clock,
      ),
    );
  }

  /** One line per change that clients can see; corner and card counts stay silent. */
  private reportSuccess({ matchId, before, after, receivedAtMs, committedAtMs, source }: ScoreCommitted): void {
    if (!Logger.isLevelEnabled('log') || summary(before) === summary(after)) return;
    const score = `${after.shown.home}-${after.shown.away}`;
    const latencyMs = committedAtMs - receivedAtMs;
    this.logger.log(`[MQTT Direct Write] ✅ ${matchId}: ${score} (${latencyMs}ms)`);
    this.logger.log(
      structuredEvent(
        'mqtt.direct_write.success',
        { matchId, score, statusId: after.status, minute: after.minute, latency_ms: latencyMs, source },
        this.clock,
      ),
    );
  }
}

/** What clients see of a state. */
function summary({ status, shown }: MatchState): string {
  return `${status}:${shown.home}-${shown.away}`;
}
