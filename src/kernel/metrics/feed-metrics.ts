import { ProviderMetrics } from './provider-metrics.js';

const RECOVERY_BUCKETS_S = [0.1, 0.5, 1, 2, 5, 10, 20, 30, 40, 60, 120, 300];
const LEAD_BUCKETS_S = [-1, 0, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 420, 600, 900];

/** The feed, who takes it, what recovers it, and the rollout. */
export class FeedMetrics extends ProviderMetrics {
  /** 1 while this process takes the feed */
  readonly leaseHeld = this.gauge('livescore_lease_held', 'Does this process hold the ingest lease: 1 or 0');
  readonly leaseFence = this.gauge('livescore_lease_fence', 'Fencing number of the last term of this process');
  readonly leaseChanges = this.counter('livescore_lease_changes_total', 'Ingest lease taken, lost, released', [
    'change',
  ]);
  /** 1 for the state the feed is in, 0 for the others */
  readonly feedState = this.gauge('livescore_feed_state', 'State of the feed: 1 for the present one', ['state']);
  readonly feedTransitions = this.counter('livescore_feed_transitions_total', 'Changes of the feed state', [
    'from',
    'to',
    'reason',
  ]);
  /** by trigger and result: complete, interrupted by another hole, or failed */
  readonly recoveries = this.counter('livescore_recoveries_total', 'Recoveries over REST that ended', [
    'trigger',
    'result',
  ]);
  readonly recoveryDuration = this.histogram(
    'livescore_recovery_seconds',
    'Start of a recovery to its end',
    [],
    RECOVERY_BUCKETS_S,
  );
  /** 1 for the stage in force in this process, 0 for the others */
  readonly rolloutStage = this.gauge('livescore_rollout_stage', 'Stage of the rollout: 1 for the present one', [
    'stage',
  ]);
  readonly rolloutRatio = this.gauge(
    'livescore_rollout_ratio',
    'Share of the matches that go the direct way by their hash, 0 to 1',
  );
  readonly updatesRouted = this.counter('livescore_updates_routed_total', 'Updates by the path they took', ['route']);
  /** by the path they came to: handed over whole, or before the other path had finished */
  readonly matchesMoved = this.counter('livescore_matches_moved_total', 'Matches that changed path', ['to', 'result']);
  /** by what came of it: handled, failed, or late, when it counts as taken */
  readonly legacyFrames = this.counter(
    'livescore_legacy_frames_total',
    "Frames that the host's own handler got",
    ['result'],
    ['handled', 'failed', 'late'],
  );
  readonly legacyDropped = this.counter(
    'livescore_legacy_dropped_total',
    'Updates or frames that the legacy path did not get: too many waited, or its queue threw',
    ['reason'],
    ['overflow', 'error'],
  );
  readonly shadowComparisons = this.counter(
    'livescore_shadow_comparisons_total',
    'States of the direct path compared with the row of the legacy path',
    ['result'],
  );
  /** negative when the legacy path had the goal first */
  readonly shadowLead = this.histogram(
    'livescore_shadow_lead_seconds',
    'How much earlier the direct path had a goal than the row of the legacy path',
    [],
    LEAD_BUCKETS_S,
  );
  readonly shadowErrors = this.counter('livescore_shadow_errors_total', 'Updates at which the compared path threw');
  readonly rolloutVerdicts = this.counter(
    'livescore_rollout_verdicts_total',
    'Verdicts of the automatic analysis',
    ['verdict'],
    ['roll-back'],
  );
}
