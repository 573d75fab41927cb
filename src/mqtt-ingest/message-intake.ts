import { Inject, Injectable, Logger } from '@nestjs/common';
import type { MatchUpdate } from '../domain/match-update.js';
import { Clock } from '../shared/clock.js';
import { LiveScoreMetrics } from '../shared/livescore-metrics.js';
import { UpdateSink } from '../shared/update-sink.js';
import { describeError } from './describe-error.js';
import { LogSampler } from './log-sampler.js';
import { MqttFeedStatus } from './mqtt-feed-status.service.js';
import type { ResolvedMqttIngestOptions } from './mqtt-ingest.options.js';
import { RESOLVED_MQTT_INGEST_OPTIONS } from './mqtt-ingest.tokens.js';
import { MessageDecoder } from './ports/message-decoder.js';

const FAULT_LOG_PERIOD_MS = 10_000;

/**
 * The hot path: bytes → updates → sink, synchronously, once per message. Nothing leaves it as an exception: a message
 * that cannot be handled is counted under its reason, logged at most once per reason and 10 s, and the next one goes on.
 */
@Injectable()
export class MessageIntake {
  private readonly logger = new Logger(MessageIntake.name);
  private readonly sampler = new LogSampler(FAULT_LOG_PERIOD_MS);

  constructor(
    private readonly clock: Clock,
    private readonly metrics: LiveScoreMetrics,
    private readonly status: MqttFeedStatus,
    private readonly decoder: MessageDecoder,
    private readonly sink: UpdateSink,
    @Inject(RESOLVED_MQTT_INGEST_OPTIONS) private readonly options: ResolvedMqttIngestOptions,
  ) {}

  /** Takes one message. Never throws. */
  take(payload: Uint8Array, retained: boolean): void {
    const receivedAtMs = this.clock.nowMs();
    const refusal = this.refusal(payload, retained);
    if (refusal) {
      this.refuse(refusal, payload, receivedAtMs);
    } else {
      const updates = this.decode(payload, receivedAtMs);
      if (updates.length > 0) this.submit(updates, payload, receivedAtMs);
      for (const update of updates) this.countParts(update);
    }
    // the score goes first, the books follow
    this.metrics.messages.inc();
    this.status.noteMessage(receivedAtMs);
  }

  private refusal(payload: Uint8Array, retained: boolean): string | null {
    // The broker kept it from an unknown time: as a fresh push it could take a running score back.
    if (retained) return 'retained';
    return payload.length > this.options.maxPayloadBytes ? 'too-large' : null;
  }

  private decode(payload: Uint8Array, receivedAtMs: number): readonly MatchUpdate[] {
    try {
      const origin = { source: 'mqtt', delivery: 'push', receivedAtMs, requestedAtMs: null } as const;
      const { updates, rejections } = this.decoder.decode(payload, origin);
      for (const rejection of rejections) {
        this.metrics.malformed.inc({ reason: rejection.reason });
        this.report('Part of a feed message refused', rejection, receivedAtMs);
      }
      return updates;
    } catch (error) {
      this.refuse('decoder-failed', payload, receivedAtMs, error);
      return [];
    }
  }

  private submit(updates: readonly MatchUpdate[], payload: Uint8Array, receivedAtMs: number): void {
    try {
      this.sink.submit(updates);
    } catch (error) {
      this.refuse('sink-failed', payload, receivedAtMs, error);
    }
  }

  private countParts(update: MatchUpdate): void {
    if (update.score) this.metrics.parts.inc({ kind: 'score' });
    if (update.statistics) this.metrics.parts.inc({ kind: 'statistics' });
    if (update.incidents) this.metrics.parts.inc({ kind: 'incidents' });
    if (update.commentary) this.metrics.parts.inc({ kind: 'commentary' });
  }

  private refuse(reason: string, payload: Uint8Array, nowMs: number, error?: unknown): void {
    this.metrics.malformed.inc({ reason });
    const fault = { reason, bytes: payload.length, ...(error !== undefined && { error: describeError(error) }) };
    this.report('Feed message not handled', fault, nowMs);
  }

  private report(message: string, fault: { readonly reason: string }, nowMs: number): void {
    const suppressed = this.sampler.admit(fault.reason, nowMs);
    if (suppressed !== null) this.logger.warn(message, { ...fault, suppressed });
  }
}
