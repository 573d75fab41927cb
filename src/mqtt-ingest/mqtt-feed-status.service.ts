import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { ResolvedMqttIngestOptions } from './mqtt-ingest.options.js';
import { SlidingCount } from './sliding-count.js';
import { UnacknowledgedBacklog } from './unacknowledged-backlog.js';

/** What may be lost between the broker and the database, as far as broker and options promise. */
export type EffectiveDelivery = 'at-most-once' | 'at-least-once';

/** Messages that the broker still waits for us to acknowledge. */
export interface UnacknowledgedMessages {
  readonly size: number;
  /** our clock, unix milliseconds; null when there is none */
  readonly oldestAtMs: number | null;
}

/**
 * The service tells what the connection is doing right now. Connected and silent is a state of its own: see
 * `lastMessageAtMs`.
 */
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
  private session: { readonly clientId: string; readonly lasting: boolean } | null = null;
  private resumed: boolean | null = null;
  private window: UnacknowledgedMessages | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly options: ResolvedMqttIngestOptions,
    private readonly backlog: UnacknowledgedBacklog,
  ) {
    this.tellBacklog();
  }

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

  /** quality of service that is asked for */
  get requestedQos(): 0 | 1 {
    return this.options.qos;
  }

  /** SUBACK of the present connection: granted QoS by topic filter, 128 and above refused, absent not answered yet */
  get grantedQos(): Readonly<Record<string, number>> {
    return this.granted;
  }

  /** the client id in use, or used last; null before the first attempt to connect */
  get clientId(): string | null {
    return this.session?.clientId ?? null;
  }

  /** the broker had kept our session when this connection began; null while disconnected */
  get sessionPresent(): boolean | null {
    return this.resumed;
  }

  /**
   * `at-least-once` when the present connection has QoS 1 granted on every topic, a persistent session under a client id
   * that outlives the process, and acknowledges after the commit; otherwise `at-most-once`. What was published with
   * QoS 0 comes at most once in any case.
   */
  get effectiveDelivery(): EffectiveDelivery {
    const { session, acknowledge, topics } = this.options;
    const kept = session === 'persistent' && this.session?.lasting === true && acknowledge === 'after-commit';
    return kept && topics.every((topic) => this.granted[topic] === 1) ? 'at-least-once' : 'at-most-once';
  }

  /** QoS 1 messages received on this connection and not acknowledged yet: their effect is not committed */
  get unacknowledged(): number {
    return this.window?.size ?? 0;
  }

  /** age of the oldest of them, milliseconds; null when there is none */
  get oldestUnacknowledgedMs(): number | null {
    const oldestAtMs = this.window?.oldestAtMs ?? null;
    return oldestAtMs === null ? null : Math.max(0, this.clock.nowMs() - oldestAtMs);
  }

  /**
   * @internal
   * @param lasting the id outlives this process, so that its session finds us again
   */
  noteClientId(clientId: string, lasting: boolean): void {
    this.session = { clientId, lasting };
  }

  /** @internal */
  noteSession(resumed: boolean): void {
    this.resumed = resumed;
  }

  /** @internal */
  noteWindow(window: UnacknowledgedMessages | null): void {
    this.window = window;
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
    this.resumed = null;
    this.granted = {};
  }

  /** @internal */
  noteError(reason: string): void {
    this.error = reason;
  }

  /** @internal */
  noteGranted(granted: Readonly<Record<string, number>>): void {
    this.granted = { ...this.granted, ...granted };
    this.tellBacklog();
  }

  /** @internal */
  noteMessage(atMs: number): void {
    this.total += 1;
    this.messageAtMs = atMs;
    this.lastMinute.add(atMs);
  }

  /** A broker that granted QoS 0 on every topic waits for nobody, whatever was asked for. */
  private tellBacklog(): void {
    const { qos, acknowledge, topics } = this.options;
    const refused = topics.every((topic) => this.granted[topic] !== undefined && this.granted[topic] !== 1);
    const waits = qos === 1 && acknowledge === 'after-commit' && !refused;
    this.backlog.brokerForgets(waits ? 'once-acknowledged' : 'once-sent');
  }
}
