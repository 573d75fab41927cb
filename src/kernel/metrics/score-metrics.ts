import { MetricRegistry } from './metric-registry.js';

const LETTERS = ['malformed', 'unknown-match', 'unknown-match-earlier', 'cannot-be-written'];

/** The way of a message into its row, and what is done after the commit. */
export class ScoreMetrics extends MetricRegistry {
  /** set once, when the metrics are made */
  readonly startTime = this.gauge('livescore_start_time_seconds', 'Start of this process, unix time');
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
  readonly deadLetters = this.counter('livescore_dead_letters_total', 'Dead letters by reason', ['reason'], LETTERS);
  /** letters that were never stored: too many waited, or the database refused them */
  readonly deadLettersDropped = this.counter(
    'livescore_dead_letters_dropped_total',
    'Dead letters lost',
    ['reason'],
    LETTERS,
  );
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
  readonly receiveToCommit = this.histogram('livescore_receive_to_commit_seconds', 'Receipt of a frame to its commit');
  readonly commitToBroadcast = this.histogram('livescore_commit_to_broadcast_seconds', 'Commit to WebSocket send');
  readonly cacheErrors = this.counter('livescore_cache_errors_total', 'Failed or late cache writes');
  readonly droppedMinutes = this.counter(
    'livescore_minute_frames_dropped_total',
    'Minute frames dropped under overload',
  );
}
