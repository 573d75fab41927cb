import type { Logger } from '@nestjs/common';
import { logFields } from '../kernel/log-fields.js';
import { classify, type SqlFailure, sqlState } from '../postgres/sql-state.js';

/** One line per outage, and one more when it turns out that an operator must act. */
export class OutageReport {
  private told: SqlFailure | null = null;

  constructor(private readonly logger: Logger) {}

  failed(error: unknown): void {
    const failure = classify(error);
    if (this.told === failure || this.told === 'unprepared') return;
    this.told = failure;
    if (failure === 'unprepared') {
      this.logger.error(
        'The database is not prepared for live scores: run the migrations and check the role, scores wait until then',
        logFields({ code: sqlState(error), error }),
      );
    } else {
      this.logger.warn('The database does not take scores, trying again', logFields({ code: sqlState(error), error }));
    }
  }

  recovered(): void {
    this.told = null;
  }
}
