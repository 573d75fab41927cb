import { Injectable, Logger } from '@nestjs/common';
import type { Receipt } from '../contracts/update-sink.js';
import type { ScoreUpdate } from '../domain/decide.js';
import type { MatchState } from '../domain/match-state.js';
import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import { SUPERSEDED } from '../domain/outcomes.js';
import { Clock } from '../kernel/clock.js';
import { EventLog } from '../kernel/event-log.js';
import { logFields } from '../kernel/log-fields.js';
import { LogSampler } from '../kernel/log-sampler.js';
import { OutcomeCounter } from '../kernel/outcome-counter.js';
import { DecisionMemory } from './decision-memory.js';
import type { ScoreDecision } from './decision-ring.js';
import { LookupRequests } from './lookup-requests.js';
import type { Waiting } from './waiting.js';

const REPEAT_AFTER_MS = 10_000;
const MOST_PER_MINUTE = 60;

/** A decision as it is remembered. It is no literal: see "What is taken for old" in docs/performance.md. */
class Judgement implements ScoreDecision {
  constructor(
    readonly atMs: number,
    readonly update: ScoreUpdate,
    readonly outcome: Outcome,
    readonly version: number | null,
  ) {}
}

/** Counts, remembers and reports the fate of every update, and tells whoever waits for it. */
@Injectable()
export class DecisionLog {
  private readonly logger = new Logger(DecisionLog.name);
  private readonly judgements: Judgement[] = [];
  private readonly rejections = new LogSampler(REPEAT_AFTER_MS, MOST_PER_MINUTE, (lines) =>
    this.logger.warn('More updates were rejected than the log tells', { lines }),
  );

  /** `conclude` for what a newer update took the place of */
  readonly superseded = (waiting: Waiting): void => this.conclude(waiting, SUPERSEDED);

  constructor(
    private readonly clock: Clock,
    private readonly events: EventLog,
    private readonly fates: OutcomeCounter,
    private readonly recent: DecisionMemory,
    private readonly lookups: LookupRequests,
  ) {}

  /** The guard's answer, as `livescore explain` shows it. Written down later: the score goes first. */
  judged(update: ScoreUpdate, outcome: Outcome, base: MatchState | null, atMs: number): void {
    this.judgements.push(new Judgement(atMs, withoutDetails(update), outcome, base?.version ?? null));
  }

  /** It waits for its row; what was parked before is told nothing again. */
  parked(waiting: Waiting, outcome: Outcome, atMs: number): void {
    if (waiting.replay || waiting.final) return;
    this.judged(waiting.update, outcome, null, atMs);
    this.conclude(waiting, outcome);
  }

  /** Writes down what was judged since the last time, and asks about what has no row. Called whenever the statement for it is on its way. */
  writeDown(): void {
    for (const judgement of this.judgements) this.note(judgement);
    this.judgements.length = 0;
    this.lookups.send();
  }

  /** The change whose newest update this is was committed as that version. */
  committed({ update }: Waiting, version: number): void {
    this.recent.committed(update, version);
  }

  private note(decision: Judgement): void {
    const { update, outcome, version, atMs } = decision;
    this.recent.record(decision);
    if (version === null) this.lookups.parked(update, atMs);
    if (outcome.kind === 'stale' || outcome.kind === 'illegal' || outcome.kind === 'parked') {
      this.reportRejection(update, outcome);
    }
  }

  /** The update's fate is final. Only the first one counts: an answer that was lost may settle an update again. */
  conclude(waiting: Waiting, outcome: Outcome): void {
    if (waiting.final) return;
    waiting.final = true;
    if (!waiting.replay) this.fates.count(outcome);
    if (waiting.receipt) this.tell(waiting.receipt, waiting, outcome);
  }

  private tell(receipt: Receipt, { submitted: update, replay }: Waiting, outcome: Outcome): void {
    try {
      if (replay) receipt.replayed?.(update, outcome);
      else receipt.concluded(update, outcome);
    } catch (error) {
      this.logger.error('A receipt failed', logFields({ matchId: update.matchId, error }));
    }
  }

  /** One line per match and reason every 10 s, and 60 a minute of all: neither a late burst nor a sender floods the log. */
  private reportRejection(update: MatchUpdate, outcome: Outcome): void {
    const key = `${outcome.reason}:${update.matchId}`;
    if (this.rejections.admit(key, this.clock.nowMs()) === null) return;
    this.events.write(this.logger, 'mqtt.direct_write.rejected', {
      level: 'warn',
      matchId: update.matchId,
      reason: outcome.reason,
      outcome: outcome.kind,
      source: update.source,
      providerUpdateTime: update.providerTimeS,
      ingestionTs: Math.floor(update.receivedAtMs / 1000),
    });
  }
}

function withoutDetails(update: ScoreUpdate): ScoreUpdate {
  if (!update.statistics && !update.incidents && !update.commentary) return update;
  return { ...update, statistics: undefined, incidents: undefined, commentary: undefined };
}
