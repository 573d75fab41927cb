import { Injectable, Logger } from '@nestjs/common';
import { EventLog } from '../kernel/event-log.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import type { AdoptedCursor } from './ports/sync-runs.js';
import type { RunOver } from './running-job.js';

/** Tells of runs that ended, and of cursors that were taken over: one log line and one count each. */
@Injectable()
export class RunReport {
  private readonly logger = new Logger('Sync');

  constructor(
    private readonly metrics: LiveScoreMetrics,
    private readonly events: EventLog,
  ) {}

  /** A run that another instance took over is told there. */
  ended({ job, kind, end, counts, tookMs }: RunOver): void {
    if (!end) return;
    const { verdict, error } = end;
    this.metrics.syncRuns.inc({ entity: job.name, verdict });
    const isNews = job.canDiff && counts.seen > 0;
    const level = verdict !== 'complete' || error !== undefined ? 'warn' : isNews ? 'info' : 'debug';
    const took_ms = Math.round(tookMs);
    const told = {
      level,
      entity: job.name,
      kind,
      verdict,
      ...counts,
      took_ms,
      ...(error !== undefined && { error }),
    } as const;
    this.events.write(this.logger, 'sync.run', told);
  }

  adopted(cursors: readonly AdoptedCursor[]): void {
    for (const { entity, value, isSound } of cursors) {
      if (isSound) this.logger.log('A cursor of the old worker is taken over', { entity, value });
      else this.logger.warn('A cursor of the old worker is no time: everything is read again', { entity, value });
    }
  }
}
