import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Receipt } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import { Clock } from '../kernel/clock.js';
import { OutcomeCounter } from '../kernel/outcome-counter.js';
import { structuredEvent } from '../kernel/structured-event.js';
import { DecisionMemory } from './decision-memory.js';
import type { RecordedDecision } from './ports/recent-decisions.js';
import { InsistedClaims } from './insisted-claims.js';
import type { Waiting } from './mailbox.js';

const REPEAT_AFTER_MS = 10_000;

/** Counts, remembers and reports the fate of every update, and tells whoever waits for it. */
@Injectable()
export class DecisionLog {
  private readonly logger = new Logger(DecisionLog.name);
  private readonly judgements: RecordedDecision[] = [];
  private readonly reported = new LRUCache<string, true>({
    max: 5_000,
    ttl: REPEAT_AFTER_MS,
    ttlResolution: 0,
    perf: { now: () => this.clock.nowMs() },
  });

  constructor(
    private readonly clock: Clock,
    private readonly fates: OutcomeCounter,
    private readonly recent: DecisionMemory,
    private readonly disputes: InsistedClaims,
  ) {}

  /** The guard's answer, as `livescore explain` shows it. Written down later: the score goes first. */
  judged(update: MatchUpdate, outcome: Outcome, version: number | null, atMs: number): void {
    const scoreOnly = { ...update, statistics: undefined, incidents: undefined, commentary: undefined };
    this.judgements.push({ atMs, update: scoreOnly, outcome, version });
  }

  /** Writes down what was judged since the last time. Called whenever the statement for it is on its way. */
  writeDown(): void {
    if (this.judgements.length === 0) return;
    for (const judgement of this.judgements) this.note(judgement);
    this.judgements.length = 0;
  }

  private note(judgement: RecordedDecision): void {
    const { update, outcome, atMs } = judgement;
    this.recent.record(judgement);
    if (outcome.kind === 'stale' || outcome.kind === 'illegal' || outcome.kind === 'parked') {
      this.reportRejection(update, outcome);
      this.disputes.refused(update, atMs);
    } else {
      this.disputes.agreed(update.matchId);
    }
  }

  /** The update's fate is final. Only the first one counts: an answer that was lost may settle an update again. */
  conclude(waiting: Waiting, outcome: Outcome): void {
    if (waiting.final) return;
    waiting.final = true;
    if (!waiting.replay) this.fates.count(outcome);
    if (waiting.receipt) this.tell(waiting.receipt, waiting, outcome);
  }

  private tell(receipt: Receipt, { update, replay }: Waiting, outcome: Outcome): void {
    try {
      if (replay) receipt.replayed?.(update, outcome);
      else receipt.concluded(update, outcome);
    } catch (error) {
      this.logger.error('A receipt failed', { matchId: update.matchId, error });
    }
  }

  /** One line per match and reason every 10 s: a late burst must not flood the log. */
  private reportRejection(update: MatchUpdate, outcome: Outcome): void {
    const key = `${outcome.reason}:${update.matchId}`;
    if (this.reported.has(key)) return;
    this.reported.set(key, true);
    this.logger.warn(
      structuredEvent(
        'mqtt.direct_write.rejected',
        {
          level: 'warn',
          matchId: update.matchId,
          reason: outcome.reason,
          outcome: outcome.kind,
          source: update.source,
          providerUpdateTime: update.providerTimeS,
          ingestionTs: Math.floor(update.receivedAtMs / 1000),
        },
        this.clock,
      ),
    );
  }
}
