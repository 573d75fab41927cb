import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { Scheduler } from '../kernel/scheduler.js';
import { LegacyFrames } from './legacy-frames.js';
import { LegacyOutbox } from './legacy-outbox.js';
import { NoLegacyPath } from './no-legacy-path.js';
import { LegacyFeedHandler } from './ports/legacy-feed-handler.js';
import { LegacyPathMismatchError } from './ports/legacy-path.errors.js';
import { LegacyPath, LegacyPathSettings } from './ports/legacy-path.js';
import { LegacyScorePath } from './ports/legacy-score-path.js';

/**
 * The way into the platform's own message handler, `LegacyFeedHandler`, or its write queue, `LegacyScorePath`, whichever
 * the host binds; where it binds both, the handler. Needs `LegacyPathSettings` of a global module.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    {
      provide: LegacyPath,
      inject: [
        LegacyPathSettings,
        Scheduler,
        LiveScoreMetrics,
        { token: LegacyFeedHandler, optional: true },
        { token: LegacyScorePath, optional: true },
      ],
      useFactory: createLegacyPath,
    },
  ],
  exports: [LegacyPath],
})
export class LegacyPathModule {}

/** @throws LegacyPathMismatchError when the host bound none and did not say so, or says so and bound one */
export function createLegacyPath(
  settings: LegacyPathSettings,
  scheduler: Scheduler,
  metrics: LiveScoreMetrics,
  handler?: LegacyFeedHandler,
  queue?: LegacyScorePath,
): LegacyPath {
  const isBound = handler !== undefined || queue !== undefined;
  if (isBound === (settings.legacy === 'none')) throw new LegacyPathMismatchError(settings.legacy);
  if (handler) return new LegacyFrames(settings, scheduler, metrics, handler);
  return queue ? new LegacyOutbox(settings, scheduler, metrics, queue) : new NoLegacyPath();
}
