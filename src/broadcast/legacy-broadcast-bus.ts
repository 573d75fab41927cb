import { Logger } from '@nestjs/common';
import { guardedCall } from '../kernel/guarded-call.js';
import type { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { reasonOf } from '../kernel/unreachable.errors.js';
import { BroadcastBus } from './ports/broadcast-bus.js';
import type { ClientFrame } from './ports/client-frame.js';
import type { LegacyBroadcastPort } from './ports/legacy-broadcast.js';

/** Frames go to the clients of the host's own broadcaster. */
export class LegacyBroadcastBus extends BroadcastBus {
  private readonly failures = new SampledWarning(
    new Logger(LegacyBroadcastBus.name),
    "The host's broadcaster refused a frame",
  );

  constructor(
    private readonly broadcaster: LegacyBroadcastPort,
    private readonly metrics: LiveScoreMetrics,
  ) {
    super();
  }

  /** Who listens there is not known here. */
  override get hasListeners(): boolean {
    return true;
  }

  override publish(frames: readonly ClientFrame[]): void {
    for (const frame of frames) {
      const { type, matchId } = frame;
      guardedCall(
        () => this.send(frame),
        (error) => this.failures.warn({ type, matchId, error: reasonOf(error) }),
      );
    }
  }

  private send(frame: ClientFrame): unknown {
    const sent: unknown = this.broadcaster.broadcast(frame, mqttReceiptOf(frame));
    this.metrics.framesSent.labels(frame.type).inc();
    return sent;
  }
}

function mqttReceiptOf(frame: ClientFrame): number | null {
  return 'source' in frame && frame.source === 'mqtt' ? frame.receivedAt : null;
}
