import { Injectable, Logger } from '@nestjs/common';
import type { SettledPrediction } from '../contracts/settled-predictions.js';
import { Clock } from '../kernel/clock.js';
import { EventLog } from '../kernel/event-log.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { LogSampler } from '../kernel/log-sampler.js';
import { printable } from '../kernel/printable.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import type { ForeignResult, PredictionText, SettlementStep } from './ports/prediction-repository.js';

const LINES_PER_MINUTE = 120;
/** Texts that were counted are remembered up to this number; then each may be counted once more. */
const MOST_TEXTS = 1_000;

/** Tells log and metrics what was settled, what somebody else settled, and which texts nobody knows. */
@Injectable()
export class SettlementReport {
  private readonly logger = new Logger('Settlement');
  private readonly others = new SampledWarning(
    this.logger,
    'A prediction has a result that is not ours: it is left alone',
  );
  private readonly unknownText = new SampledWarning(
    this.logger,
    'No market is known for the text of a prediction: it stays pending',
  );
  private readonly lines = new LogSampler(0, LINES_PER_MINUTE, (lines) =>
    this.logger.warn('More settlements than the log tells', { lines }),
  );
  private readonly texts = new Set<string>();
  /** results of somebody else that were met since the start */
  foreign = 0;
  unknownTexts = 0;

  constructor(
    private readonly metrics: LiveScoreMetrics,
    private readonly clock: Clock,
    private readonly events: EventLog,
  ) {}

  settled({ matchId, cause, decidedAtMs }: SettlementStep, settled: readonly SettledPrediction[]): void {
    if (settled.length === 0) return;
    const durationMs = Math.max(0, this.clock.nowMs() - decidedAtMs);
    this.metrics.settlementDelay.observe(durationMs / 1000);
    for (const { verdict, certainty } of settled) this.metrics.predictionsSettled.inc({ verdict, certainty });
    if (this.lines.admit('', this.clock.nowMs()) === null) return;
    const count = (wanted: string) => settled.filter(({ verdict }) => verdict === wanted).length;
    const facts = {
      match_id: matchId,
      event_type: cause,
      settled: settled.length,
      winners: count('won'),
      losers: count('lost'),
    };
    this.events.write(this.logger, 'settlement.processed', { ...facts, duration_ms: durationMs });
  }

  foreignResults({ matchId }: SettlementStep, foreign: readonly ForeignResult[]): void {
    if (foreign.length === 0) return;
    this.foreign += foreign.length;
    for (const { theirs, ours } of foreign) this.metrics.foreignResults.inc({ theirs, ours });
    this.others.warn({ matchId, count: foreign.length, ...foreign[0] });
  }

  unknown(matchId: string, texts: readonly PredictionText[]): void {
    for (const { prediction, threshold, count } of texts) {
      const key = `${prediction}|${threshold}`;
      if (this.texts.has(key)) continue;
      if (this.texts.size >= MOST_TEXTS) this.texts.clear();
      this.texts.add(key);
      this.unknownTexts += 1;
      this.metrics.unknownMarkets.inc();
      this.unknownText.warn({ matchId, prediction: printable(prediction), threshold, count });
    }
  }
}
