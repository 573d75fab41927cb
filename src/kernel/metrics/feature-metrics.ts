import { ScoreMetrics } from './score-metrics.js';

/** Minute, settlement, sync, watchdog and retention. */
export class FeatureMetrics extends ScoreMetrics {
  readonly minutesWritten = this.counter('livescore_minute_writes_total', 'Minutes written into rows by the tick');
  readonly minuteCompared = this.counter(
    'livescore_minute_compared_total',
    'Rows compared with the formula in shadow mode',
  );
  /** missing: the row has none; behind and ahead: of the formula */
  readonly minuteDifferences = this.counter(
    'livescore_minute_differences_total',
    'Rows that said another minute than the formula in shadow mode',
    ['kind'],
  );
  /** per revision, by verdict and certainty */
  readonly predictionsSettled = this.counter('livescore_predictions_settled_total', 'Verdicts about predictions', [
    'verdict',
    'certainty',
  ]);
  readonly settlementDelay = this.histogram(
    'livescore_settlement_seconds',
    'Commit that decides to commit of the verdicts',
  );
  readonly foreignResults = this.counter(
    'livescore_foreign_results_total',
    'Predictions that somebody else had settled when a verdict came',
    ['theirs', 'ours'],
  );
  readonly unknownMarkets = this.counter('livescore_unknown_markets_total', 'Texts of predictions that no market has');
  /** found, asked, stale, repaired or cleared, by why the match was looked at */
  readonly watchdog = this.counter('livescore_watchdog_total', 'Steps of matches that stand still or lack a value', [
    'step',
    'reason',
  ]);
  /** as of the last look */
  readonly matchesWithout = this.gauge('livescore_live_matches_without', 'Live matches without score or minute', [
    'kind',
  ]);
  /** by entity and result: added, changed, refused */
  readonly syncRows = this.counter('livescore_sync_rows_total', 'Rows that the sync added, changed or refused', [
    'entity',
    'result',
  ]);
  readonly syncRuns = this.counter('livescore_sync_runs_total', 'Runs of the sync that ended', ['entity', 'verdict']);
  readonly syncWaits = this.counter('livescore_sync_waits_total', 'Waits that the provider asked of the sync', [
    'endpoint',
  ]);
  readonly retentionDeleted = this.counter(
    'livescore_retention_deleted_rows_total',
    'Rows that were older than they have to be kept, and are deleted',
    ['table'],
  );
  /** by what is kept for a time: each is tried once a turn */
  readonly retentionFailures = this.counter(
    'livescore_retention_failures_total',
    'Attempts to delete what is too old that failed',
    ['kind'],
  );
  /** in the process that deletes, as of its last turn, like the next two */
  readonly tableRows = this.gauge(
    'livescore_table_rows',
    'Rows of a table of the package, as the database estimates them',
    ['table'],
  );
  readonly tableBytes = this.gauge('livescore_table_bytes', 'Size of a table of the package with its indexes', [
    'table',
  ]);
  readonly tableOldest = this.gauge(
    'livescore_table_oldest_seconds',
    'Age of the oldest row of a table of the package',
    ['table'],
  );
}
