import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock.js';
import type { ResolvedMqttIngestOptions } from './mqtt-ingest.options.js';
import { RESOLVED_MQTT_INGEST_OPTIONS } from './mqtt-ingest.tokens.js';
import { SlidingCount } from './sliding-count.js';

/** What the connection is doing right now. Connected and silent is a state of its own: see `lastMessageAtMs`. */
@Injectable()
export class MqttFeedStatus {
  private readonly lastMinute = new SlidingCount(60);
  private everConnected = false;
  private sinceMs: number | null = null;
  private messageAtMs: number | null = null;
  private total = 0;
  private reconnected = 0;
  private error: string | null = null;
  private granted: Readonly<Record<string, number>> = {};

  constructor(
    private readonly clock: Clock,
    @Inject(RESOLVED_MQTT_INGEST_OPTIONS) private readonly options: ResolvedMqttIngestOptions,
  ) {}

  get connected(): boolean {
    return this.sinceMs !== null;
  }

  /** our clock, unix milliseconds; null while disconnected */
  get connectedSinceMs(): number | null {
    return this.sinceMs;
  }

  /** receipt of the newest message, unix milliseconds; null before the first */
  get lastMessageAtMs(): number | null {
    return this.messageAtMs;
  }

  /** messages of the last 60 seconds, by whole seconds */
  get messagesLast60s(): number {
    return this.lastMinute.total(this.clock.nowMs());
  }

  /** messages since the process started */
  get messagesTotal(): number {
    return this.total;
  }

  /** connections after the first one */
  get reconnects(): number {
    return this.reconnected;
  }

  /** why the last attempt to connect failed, or the last connection broke; null while all is well */
  get lastError(): string | null {
    return this.error;
  }

  /** the topic filters subscribed to */
  get topics(): readonly string[] {
    return this.options.topics;
  }

  /** SUBACK of the present connection: granted QoS by topic filter, 128 and above refused, absent not answered yet */
  get grantedQos(): Readonly<Record<string, number>> {
    return this.granted;
  }

  /** @internal */
  noteConnected(): void {
    if (this.everConnected) this.reconnected += 1;
    this.everConnected = true;
    this.sinceMs = this.clock.nowMs();
    this.error = null;
  }

  /** @internal */
  noteDisconnected(): void {
    this.sinceMs = null;
    this.granted = {};
  }

  /** @internal */
  noteError(reason: string): void {
    this.error = reason;
  }

  /** @internal */
  noteGranted(granted: Readonly<Record<string, number>>): void {
    this.granted = { ...this.granted, ...granted };
  }

  /** @internal */
  noteMessage(atMs: number): void {
    this.total += 1;
    this.messageAtMs = atMs;
    this.lastMinute.add(atMs);
  }
}
