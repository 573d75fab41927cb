import { Injectable, Logger, Optional } from '@nestjs/common';
import { CommittedChanges, type ScoreCommitted } from '../contracts/committed-changes.js';
import type { MatchState } from '../domain/match-state.js';
import { APPLIED } from '../domain/outcomes.js';
import { ForeignWriters, NOBODY_LOOKS } from '../foreign-writers/ports/foreign-writers.js';
import { Clock } from '../kernel/clock.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { structuredEvent } from '../kernel/structured-event.js';
import { sqlState } from '../postgres/sql-state.js';
import { DecisionLog } from './decision-log.js';
import type { Commit } from './mailbox-commit.js';
import { ForeignChanges } from './ports/foreign-changes.js';

/** Tells the world what was committed: listeners first, then whoever waits for the update, then metrics and log. */
@Injectable()
export class CommitPublisher {
  private readonly logger = new Logger('DirectWrite');

  constructor(
    private readonly clock: Clock,
    private readonly changes: CommittedChanges,
    private readonly log: DecisionLog,
    private readonly metrics: LiveScoreMetrics,
    private readonly foreign: ForeignChanges,
    @Optional() private readonly foreignWriters: ForeignWriters = NOBODY_LOOKS,
  ) {}

  publish(commits: readonly Commit[], committedAtMs: number): void {
    if (commits.length === 0) return;
    const facts = commits.map((commit) => toFact(commit, committedAtMs));
    this.changes.publish(facts);
    for (const [n, { accepted }] of commits.entries()) {
      for (const waiting of accepted.joined) this.log.conclude(waiting, waiting.fate);
      this.log.conclude(accepted.newest, APPLIED);
      this.metrics.receiveToCommit.observe(Math.max(0, committedAtMs - accepted.receivedAtMs) / 1000);
      this.reportSuccess(facts[n] as ScoreCommitted);
    }
  }

  publishForeign(before: MatchState, after: MatchState): void {
    this.metrics.foreignWrites.inc({ mode: this.foreignWriters.mode, result: 'found' });
    this.logger.warn('Somebody else changed a live match', {
      matchId: after.matchId,
      from: summary(before),
      to: summary(after),
    });
    this.foreign.publish(before, after);
  }

  reportDead(matchId: string, error: unknown): void {
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

function toFact({ before, after, accepted, events }: Commit, committedAtMs: number): ScoreCommitted {
  const { source, delivery } = accepted.newest.update;
  return {
    kind: 'score',
    matchId: after.matchId,
    epoch: after.epoch,
    version: after.version,
    source,
    before,
    after,
    events,
    catchUp: delivery === 'pull',
    receivedAtMs: accepted.receivedAtMs,
    committedAtMs,
  };
}

/** What clients see of a state. */
function summary({ status, shown }: MatchState): string {
  return `${status}:${shown.home}-${shown.away}`;
}
