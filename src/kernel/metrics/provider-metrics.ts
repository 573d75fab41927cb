import { FeatureMetrics } from './feature-metrics.js';

/** Requests to the REST API of the provider, and their budget. */
export class ProviderMetrics extends FeatureMetrics {
  /** by type (1-11, or unknown) and fate: looked-up, told, kept, unknown, refused */
  readonly providerChanges = this.counter(
    'livescore_provider_changes_total',
    'Entries of /data/update by what came of them',
    ['type', 'fate'],
  );
  /** by endpoint and result: ok, or why there is no answer */
  readonly providerRequests = this.counter('livescore_provider_requests_total', 'Requests to the provider', [
    'endpoint',
    'result',
  ]);
  readonly providerLookups = this.counter('livescore_provider_lookups_total', 'Lookups of matches', ['result']);
  readonly providerDuration = this.histogram('livescore_provider_request_seconds', 'Request sent to its answer', [
    'endpoint',
  ]);
  /** requests that had their turn in the budget, by class */
  readonly providerTurns = this.counter('livescore_provider_turns_total', 'Turns in the budget of the provider', [
    'priority',
  ]);
  readonly providerTurnWait = this.histogram(
    'livescore_provider_turn_wait_seconds',
    'Asked for a turn in the budget to its grant',
    ['priority'],
    [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300],
  );
  /** the provider said "too many requests" to this process */
  readonly providerPauses = this.counter('livescore_provider_pauses_total', 'Pauses after too many requests');
  readonly providerBudgetDegraded = this.gauge(
    'livescore_provider_budget_degraded',
    '1 while this process keeps to a share of the budget, because the database does not answer',
  );
  /** the oldest answer that was measured within an hour: one that contradicted the feed and agreed with it later */
  readonly providerCacheAge = this.gauge(
    'livescore_provider_cache_age_seconds',
    'Least age that an answer of the provider was found to have',
  );
}
