import { Injectable, Logger } from '@nestjs/common';
import { EventLog } from '../kernel/event-log.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';

/** One match whose row says another minute than the formula. */
export interface MinuteDifference {
  readonly matchId: string;
  readonly status: number;
  /** as the row has it */
  readonly stored: number | null;
  readonly computed: number;
}

const SAMPLES = 5;

/** Tells of each tick; counts where the rows say another minute than the formula, and tells of that after a tick that found any. */
@Injectable()
export class MinuteComparison {
  private readonly logger = new Logger('Minute');
  private last: readonly MinuteDifference[] = [];

  constructor(
    private readonly metrics: LiveScoreMetrics,
    private readonly events: EventLog,
  ) {}

  /** Differences of the last comparison. */
  get differences(): readonly MinuteDifference[] {
    return this.last;
  }

  /** One line of a tick, at debug. */
  ticked(processed: number, updated: number): void {
    const counts = { level: 'debug', processed_count: processed, updated_count: updated } as const;
    this.events.write(this.logger, 'minute.tick', counts);
  }

  compared(matches: number, differences: readonly MinuteDifference[]): void {
    this.last = differences;
    this.metrics.minuteCompared.inc(matches);
    for (const { stored, computed } of differences) {
      const kind = stored === null ? 'missing' : stored < computed ? 'behind' : 'ahead';
      this.metrics.minuteDifferences.inc({ kind });
    }
    if (differences.length === 0) return;
    const fields = { level: 'warn', compared: matches, different: differences.length } as const;
    const samples = differences.slice(0, SAMPLES);
    this.events.write(this.logger, 'minute.differences', { ...fields, samples });
  }
}
