import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';

const LATENCY_BUCKETS_S = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** All metrics of the package, on a registry of its own: the host's default registry stays untouched. */
@Injectable()
export class LiveScoreMetrics {
  readonly registry = new Registry();

  /** MQTT messages received */
  readonly messages = this.counter('livescore_messages_total', 'MQTT messages received');
  /** message parts by kind, before the guard */
  readonly parts = this.counter('livescore_parts_total', 'Decoded message parts', ['kind']);
  /** message parts refused by the decoder */
  readonly malformed = this.counter('livescore_malformed_total', 'Refused message parts', ['reason']);
  /** fate of every update */
  readonly updates = this.counter('livescore_updates_total', 'Updates by outcome', ['outcome', 'reason']);
  /** statistics, incidents and commentary, per match and write */
  readonly details = this.counter('livescore_details_total', 'Match details by outcome', ['outcome']);
  readonly writeErrors = this.counter('livescore_write_errors_total', 'Failed statements by SQLSTATE', ['code']);
  readonly foreignWrites = this.counter('livescore_foreign_writes_total', 'Foreign changes found by the drift check');
  readonly cacheErrors = this.counter('livescore_cache_errors_total', 'Failed or late cache writes');
  readonly droppedMinutes = this.counter('livescore_dropped_minutes_total', 'Minute frames dropped under overload');
  readonly framesSent = this.counter('livescore_ws_frames_total', 'WebSocket frames broadcast', ['type']);
  readonly receiveToCommit = this.histogram('livescore_receive_to_commit_seconds', 'Receipt of a frame to its commit');
  readonly commitToBroadcast = this.histogram('livescore_commit_to_broadcast_seconds', 'Commit to WebSocket send');

  private counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram(name: string, help: string): Histogram {
    return new Histogram({ name, help, buckets: LATENCY_BUCKETS_S, registers: [this.registry] });
  }
}
