import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { RecentDecisions } from '../score-writer/ports/recent-decisions.js';
import { ResolvedScoreWriterOptions } from '../score-writer/score-writer.options.js';
import { shownCacheAgeMs } from './shown-cache-age.js';

const HOUR_MS = 3_600_000;

/**
 * Measures how old the provider's answers are, by those that contradicted the feed and agreed with it later. The guard
 * believes an answer that was asked for `restLagMs` after a frame: one out of an older cache takes goals back for a
 * while, and somebody has to raise the option.
 */
@Injectable()
export class ProviderCacheAge implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly warning = new SampledWarning(
    new Logger(ProviderCacheAge.name),
    'The answers of the provider are older than restLagMs allows: raise the option writer.restLagMs above their age',
    HOUR_MS,
  );
  private readonly life = new Lifecycle();
  private oldestMs = 0;
  private measuredAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly decisions: RecentDecisions,
    private readonly clock: Clock,
    private readonly metrics: LiveScoreMetrics,
    private readonly writer: ResolvedScoreWriterOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.life.start(() => this.decisions.pulls$.subscribe(({ update }) => this.learn(update.matchId)));
  }

  onModuleDestroy(): void {
    this.life.stop();
  }

  private learn(matchId: string): void {
    const ageMs = shownCacheAgeMs(this.decisions.of(matchId));
    if (ageMs === null) return;
    const nowMs = this.clock.nowMs();
    if (ageMs >= this.oldestMs || Math.abs(nowMs - this.measuredAtMs) > HOUR_MS) {
      this.oldestMs = ageMs;
      this.measuredAtMs = nowMs;
      this.metrics.providerCacheAge.set(ageMs / 1_000);
    }
    const { restLagMs } = this.writer;
    if (ageMs > restLagMs) this.warning.warn({ matchId, ageMs, restLagMs });
  }
}
