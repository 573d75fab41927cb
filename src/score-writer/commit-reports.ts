import { Injectable, Logger, Optional } from '@nestjs/common';
import type { ScoreCommitted } from '../contracts/committed-changes.js';
import type { MatchState } from '../domain/match-state.js';
import { isLive } from '../domain/match-status.js';
import { APPLIED } from '../domain/outcomes.js';
import { ForeignWriters, NOBODY_LOOKS } from '../foreign-writers/ports/foreign-writers.js';
import { Clock } from '../kernel/clock.js';
import { EventLog } from '../kernel/event-log.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { logFields } from '../kernel/log-fields.js';
import { LogSampler } from '../kernel/log-sampler.js';
import { escaped } from '../kernel/printable.js';
import { sqlState } from '../postgres/sql-state.js';
import type { Commit } from './commit.js';
import { DecisionLog } from './decision-log.js';
import type { ForeignVerdict } from './foreign-row.js';
import { LookupRequests } from './lookup-requests.js';
import { ForeignChanges } from './ports/foreign-changes.js';

/** Far more than a Saturday afternoon has. */
const SUCCESSES_PER_MINUTE = 120;
const FAULTS_PER_MINUTE = 60;

/** Says what became of the writes: to whoever waits for an update, to metrics and to the log. */
@Injectable()
export class CommitReports {
  private readonly logger = new Logger('DirectWrite');
  private readonly successes = this.sampler('changes were committed', SUCCESSES_PER_MINUTE);
  private readonly foreignLines = this.sampler('live matches were changed by somebody else', FAULTS_PER_MINUTE);
  private readonly deadLines = this.sampler('changes can never be written', FAULTS_PER_MINUTE);

  constructor(
    private readonly clock: Clock,
    private readonly events: EventLog,
    private readonly log: DecisionLog,
    private readonly lookups: LookupRequests,
    private readonly metrics: LiveScoreMetrics,
    private readonly foreign: ForeignChanges,
    @Optional() private readonly foreignWriters: ForeignWriters = NOBODY_LOOKS,
  ) {}

  /** Sources whose stamp on a row is an authority. */
  get authorities(): readonly string[] {
    return this.foreignWriters.authorities;
  }

  /** The changes are in the database, and `facts` were published. */
  committed(commits: readonly Commit[], facts: readonly ScoreCommitted[]): void {
    for (const { accepted, after } of commits) {
      const { joined, newest } = accepted;
      this.log.committed(newest, after.version);
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

  /**
   * Somebody else wrote the row: clients hear what they can see of it. The provider is asked after a revert, and where a
   * feed that has fallen silent and the row disagree.
   */
  foreignChange(before: MatchState, after: MatchState, verdict: ForeignVerdict): void {
    this.metrics.foreignWrites.inc({ mode: this.foreignWriters.mode, result: 'found' });
    this.reportForeign(before, after, verdict);
    if (!this.isToldAlready(after, verdict)) this.foreign.publish(before, after);
    if (verdict === 'reverted' || (verdict === 'accepted' && isLive(before.status)))
      this.lookups.contradicted(after, this.clock.nowMs());
  }

  /** Of an operator's word a note is left, and whoever reads it may have told the same version. */
  private isToldAlready(after: MatchState, verdict: ForeignVerdict): boolean {
    return (verdict === 'authority' || verdict === 'reverted') && this.foreign.knows(after);
  }

  /** The change of this match can never be written. */
  dead(matchId: string, error: unknown): void {
    if (this.deadLines.admit(matchId, this.clock.nowMs()) === null) return;
    this.events.write(this.logger, 'mqtt.direct_write.error', {
      level: 'error',
      matchId,
      error: error instanceof Error ? error.message : String(error),
      code: sqlState(error),
    });
  }

  private reportForeign(before: MatchState, after: MatchState, verdict: ForeignVerdict): void {
    if (this.foreignLines.admit(after.matchId, this.clock.nowMs()) === null) return;
    this.logger.warn('Somebody else changed a live match', {
      ...logFields({ matchId: after.matchId }),
      from: summary(before),
      to: summary(after),
      verdict,
    });
  }

  /** One line per change that clients can see; corner and card counts stay silent. */
  private reportSuccess({ matchId, before, after, receivedAtMs, committedAtMs, source }: ScoreCommitted): void {
    if (!Logger.isLevelEnabled('log') || isSeenSame(before, after)) return;
    if (this.successes.admit(matchId, committedAtMs) === null) return;
    const score = `${after.shown.home}-${after.shown.away}`;
    const latencyMs = committedAtMs - receivedAtMs;
    this.logger.log(`[MQTT Direct Write] ✅ ${escaped(matchId)}: ${score} (${latencyMs}ms)`);
    this.events.write(this.logger, 'mqtt.direct_write.success', {
      matchId,
      score,
      statusId: after.status,
      minute: after.minute,
      latency_ms: latencyMs,
      source,
    });
  }

  /** Who sends scores does not choose how much is logged: beyond a number a minute, lines are only counted. */
  private sampler(what: string, mostPerMinute: number): LogSampler {
    return new LogSampler(0, mostPerMinute, (lines) => this.logger.warn(`More ${what} than the log tells`, { lines }));
  }
}

/** Do clients see the same of both? */
function isSeenSame(before: MatchState, after: MatchState): boolean {
  return (
    before.status === after.status && before.shown.home === after.shown.home && before.shown.away === after.shown.away
  );
}

/** What clients see of a state. */
function summary({ status, shown }: MatchState): string {
  return `${status}:${shown.home}-${shown.away}`;
}
