import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const LATENCY_BUCKETS_S = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LEAD_BUCKETS_S = [-1, 0, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 420, 600, 900];
const RECOVERY_BUCKETS_S = [0.1, 0.5, 1, 2, 5, 10, 20, 30, 40, 60, 120, 300];

/** What came in, what is held, and what of it nobody can account for. */
interface Books {
  readonly received: number;
  readonly inFlight: number;
  readonly unaccounted: number;
}

/** All metrics of the package, on a registry of its own: the host's default registry stays untouched. */
@Injectable()
export class LiveScoreMetrics {
  readonly registry = new Registry();

  readonly messages = this.counter('livescore_messages_total', 'MQTT messages received');
  /** message parts by kind, before the guard */
  readonly parts = this.counter('livescore_parts_total', 'Decoded message parts', ['kind']);
  readonly malformed = this.counter('livescore_malformed_total', 'Refused message parts', ['reason']);
  readonly updates = this.counter('livescore_updates_total', 'Updates by outcome', ['outcome', 'reason']);
  readonly parkedDropped = this.counter(
    'livescore_parked_dropped_total',
    'Parked updates dropped from memory before their row appeared',
  );
  /** statistics, incidents and commentary, per match and write */
  readonly details = this.counter('livescore_details_total', 'Match details by outcome', ['outcome']);
  readonly writeErrors = this.counter('livescore_write_errors_total', 'Failed statements by SQLSTATE', ['code']);
  /** found: by the drift check; the others as the trigger saw them: passed, admin, held-off; and reverted */
  readonly foreignWrites = this.counter(
    'livescore_foreign_writes_total',
    'What others did to score, status and kick-offs, by mode of the trigger and result',
    ['mode', 'result'],
  );
  readonly cacheErrors = this.counter('livescore_cache_errors_total', 'Failed or late cache writes');
  readonly droppedMinutes = this.counter('livescore_dropped_minutes_total', 'Minute frames dropped under overload');
  readonly minutesWritten = this.counter('livescore_minutes_written_total', 'Minutes written into rows by the tick');
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
  readonly framesSent = this.counter('livescore_ws_frames_total', 'WebSocket frames broadcast', ['type']);
  /** by why: no place, too many or too often from one address, too often, no WebSocket, another origin, not authenticated or not in time, closing */
  readonly webSocketsRefused = this.counter('livescore_ws_refused_total', 'Upgrades that got no WebSocket', ['reason']);
  /** by why: sent too much, left too much unread alone or together, or answered no ping */
  readonly webSocketsCutOff = this.counter('livescore_ws_cut_off_total', 'WebSocket clients cut off', ['reason']);
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
  readonly deadLetters = this.counter('livescore_dead_letters_total', 'Dead letters by reason', ['reason']);
  /** letters that were never stored: too many waited, or the database refused them */
  readonly deadLettersDropped = this.counter('livescore_dead_letters_dropped_total', 'Dead letters lost', ['reason']);
  readonly deadLettersEvicted = this.counter(
    'livescore_dead_letters_evicted_total',
    'Stored dead letters that gave way to newer ones',
    ['reason'],
  );
  readonly deadLettersRedriven = this.counter(
    'livescore_dead_letters_redriven_total',
    'Dead letters tried again on request, by result',
    ['result'],
  );
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
  readonly rolloutPercent = this.gauge(
    'livescore_rollout_percent',
    'Share of the matches that go the direct way by their hash, 0-100',
  );
  readonly updatesRouted = this.counter('livescore_updates_routed_total', 'Updates by the path they took', ['route']);
  /** by the path they came to: handed over whole, or before the other path had finished */
  readonly matchesMoved = this.counter('livescore_matches_moved_total', 'Matches that changed path', ['to', 'result']);
  /** by what came of it: handled, failed, or late, when it counts as taken */
  readonly legacyFrames = this.counter('livescore_legacy_frames_total', "Frames that the host's own handler got", [
    'result',
  ]);
  readonly legacyDropped = this.counter(
    'livescore_legacy_dropped_total',
    'Updates or frames that the legacy path did not get: too many waited, or its queue threw',
    ['reason'],
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
  readonly rolloutVerdicts = this.counter('livescore_rollout_verdicts_total', 'Verdicts of the automatic analysis', [
    'verdict',
  ]);
  readonly reannounced = this.counter('livescore_reannounced_total', 'Changes told to clients again after a takeover');
  readonly receiveToCommit = this.histogram('livescore_receive_to_commit_seconds', 'Receipt of a frame to its commit');
  /** out: sent, failed, dropped, oversized, malformed; in: heard, own, newer, oversized, malformed */
  readonly busMessages = this.counter(
    'livescore_bus_messages_total',
    'Messages between instances by what came of them',
    ['direction', 'result'],
  );
  readonly busConnected = this.gauge(
    'livescore_bus_connected',
    'Does the bus reach the other instances: 1 or 0; 0 where there is none',
  );
  /** published, conflated with a newer one, refused for good, dropped because too many waited, or tried again later */
  readonly centrifugoPublications = this.counter(
    'livescore_centrifugo_publications_total',
    'Publications to channels of Centrifugo by what came of them',
    ['result'],
  );
  readonly commitToBroadcast = this.histogram('livescore_commit_to_broadcast_seconds', 'Commit to WebSocket send');

  /** @param read age of the oldest dispute, seconds; 0 while there is none, asked whenever somebody looks at the metrics */
  showDisputed(read: () => number): void {
    new Gauge({
      name: 'livescore_disputed_seconds',
      help: 'For how long the feed of a match has been refused without anything accepted between, the longest',
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** @param read how many sockets the WebSocket endpoint holds, asked whenever somebody looks at the metrics */
  showSockets(read: () => number): void {
    new Gauge({
      name: 'livescore_ws_sockets',
      help: 'Sockets that asked for the WebSocket endpoint and are not closed yet',
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** @param read the books, asked whenever somebody looks at the metrics */
  showBooks(read: () => Books): void {
    const registers = [this.registry];
    new Counter({
      name: 'livescore_updates_received_total',
      help: 'Match updates received',
      registers,
      collect() {
        this.reset();
        this.inc(read().received);
      },
    });
    const show = (name: string, help: string, value: (books: Books) => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value(read()));
        },
      });
    show('livescore_updates_in_flight', 'Match updates without a fate yet', ({ inFlight }) => inFlight);
    show(
      'livescore_updates_unaccounted',
      'Updates received less those with a fate or in flight: 0, or one was lost or counted twice',
      ({ unaccounted }) => unaccounted,
    );
  }

  private counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram(name: string, help: string, labelNames: string[] = [], buckets = LATENCY_BUCKETS_S): Histogram {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}
