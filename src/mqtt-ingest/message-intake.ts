import { Injectable, Logger, Optional } from '@nestjs/common';
import { MatchRouter } from '../contracts/match-router.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { Clock } from '../kernel/clock.js';
import { logFields } from '../kernel/log-fields.js';
import { LogSampler } from '../kernel/log-sampler.js';
import { describeError } from './describe-error.js';
import { FrameReceipt } from './frame-receipt.js';
import { IntakeBooks } from './intake-books.js';
import { MqttFeedStatus } from './mqtt-feed-status.service.js';
import { ResolvedMqttIngestOptions } from './mqtt-ingest.options.js';
import type { FeedPacket } from './ports/feed-connection.js';
import { type DecodedFeedMessage, MessageDecoder } from './ports/message-decoder.js';
import { RedeliveryGate } from './redelivery-gate.js';
import { UnsettledFrames } from './unsettled-frames.js';

/** Updates that are judged before the event loop has a turn. */
const SLICE = 200;

const FAULT_LOG_PERIOD_MS = 10_000;

/**
 * The hot path: bytes → updates → sink, synchronously, once per message. Nothing leaves it as an exception: a message
 * that cannot be handled is counted under its reason, kept as a dead letter, logged at most once per reason and 10 s,
 * and the next one goes on. A message with more than 200 updates is judged in slices with a turn of the event loop between them: a connection
 * that asks `isBusy` holds the next message back meanwhile, any other finds the rest judged before it. A message is acknowledged when all its updates have their fate and its letters are buried.
 */
@Injectable()
export class MessageIntake {
  private readonly logger = new Logger(MessageIntake.name);
  private readonly sampler = new LogSampler(FAULT_LOG_PERIOD_MS);
  private newestAtMs = Number.NEGATIVE_INFINITY;
  /** judges the next slice of the present message */
  private rest: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly status: MqttFeedStatus,
    private readonly decoder: MessageDecoder,
    private readonly gate: RedeliveryGate,
    private readonly books: IntakeBooks,
    private readonly options: ResolvedMqttIngestOptions,
    private readonly frames: UnsettledFrames,
    @Optional() private readonly router?: MatchRouter,
  ) {}

  /** Is a part of a large message not judged yet? */
  get isBusy(): boolean {
    return this.rest !== null;
  }

  /** A new connection, before its first message. */
  sessionStarted(resumed: boolean): void {
    this.gate.sessionStarted(resumed);
  }

  /** The connection is gone, or no more messages will be taken: nothing stays held back. */
  sessionEnded(): void {
    this.finish();
    this.gate.sessionEnded();
    this.frames.forget();
  }

  /** Takes one message. Never throws. */
  take(topic: string, payload: Uint8Array, packet: FeedPacket): void {
    const receivedAtMs = this.receiptTime();
    this.finish();
    if (packet.retain) {
      // The broker kept it from an unknown time: as a fresh push it could take a running score back.
      this.complain('retained', payload);
      this.passOnRetained(topic, payload, receivedAtMs, packet);
    } else {
      this.gate.arrived(packet);
      this.handle(topic, payload, receivedAtMs, packet);
    }
    this.books.message();
    this.status.noteMessage(receivedAtMs);
  }

  /** Our clock may step; the times of receipt never run backwards. */
  private receiptTime(): number {
    const nowMs = this.clock.nowMs();
    if (nowMs > this.newestAtMs) this.newestAtMs = nowMs;
    return this.newestAtMs;
  }

  private handle(topic: string, payload: Uint8Array, receivedAtMs: number, packet: FeedPacket): void {
    const decoded = this.decode(payload, receivedAtMs, packet);
    const receipt = this.frames.open(topic, payload, receivedAtMs, decoded.updates, packet.acknowledge);
    this.judgeFrom(0, decoded, payload, receipt);
  }

  private judgeFrom(start: number, decoded: DecodedFeedMessage, payload: Uint8Array, receipt: FrameReceipt): void {
    const { updates } = decoded;
    const slice = updates.length <= SLICE ? updates : updates.slice(start, start + SLICE);
    const isTaken = slice.length === 0 || this.submit(slice, payload, receipt);
    // the score goes first, the books follow
    if (slice.length > 0) this.books.received(isTaken ? slice : updates.slice(start));
    if (isTaken && start + SLICE < updates.length) {
      this.rest = () => this.judgeFrom(start + SLICE, decoded, payload, receipt);
      setImmediate(() => this.goOn());
      return;
    }
    if (decoded.rejections.length > 0) this.reject(decoded, receipt);
    this.router?.arrived(receipt, decoded);
    receipt.handedOver();
  }

  private goOn(): void {
    const { rest } = this;
    this.rest = null;
    rest?.();
  }

  private finish(): void {
    while (this.rest) this.goOn();
  }

  /** Nothing of it is judged here; the legacy path takes it as ever. */
  private passOnRetained(topic: string, payload: Uint8Array, receivedAtMs: number, packet: FeedPacket): void {
    const receipt = new FrameReceipt(topic, payload, receivedAtMs, [], undefined, packet.acknowledge);
    this.router?.arrived(receipt, { updates: [], rejections: [packet] });
    receipt.handedOver();
  }

  private decode(payload: Uint8Array, receivedAtMs: number, { dup }: FeedPacket): DecodedFeedMessage {
    if (payload.length > this.options.maxPayloadBytes) return this.refuse('too-large', payload);
    const origin = { source: 'mqtt', delivery: 'push', receivedAtMs, requestedAtMs: null } as const;
    try {
      return this.decoder.decode(payload, dup ? { ...origin, redelivered: true } : origin);
    } catch (error) {
      return this.refuse('decoder-failed', payload, error);
    }
  }

  /** @returns false when the sink broke its promise: the whole message is given up */
  private submit(updates: readonly MatchUpdate[], payload: Uint8Array, receipt: FrameReceipt): boolean {
    try {
      this.gate.submit(updates, receipt);
      return true;
    } catch (error) {
      this.complain('sink-failed', payload, error);
      this.books.abandoned(receipt.abandon());
      receipt.bury('malformed', 'sink-failed', null);
      return false;
    }
  }

  /** One letter for all of them: it holds the whole message. */
  private reject({ rejections, unlisted, lost }: DecodedFeedMessage, receipt: FrameReceipt): void {
    for (const rejection of rejections) {
      this.books.refused(rejection.reason);
      this.report('Feed message, or a part of it, refused', rejection);
    }
    for (const [reason, times] of unlisted ?? []) this.books.refused(reason, times);
    this.books.unreadable(lost ?? rejections.filter(({ kind }) => kind === 'message' || kind === 'item').length);
    const [first] = rejections;
    if (!first) return;
    const oneMatch = !unlisted?.size && rejections.every(({ matchId }) => matchId === first.matchId);
    receipt.bury('malformed', `${first.kind}:${first.reason}`, oneMatch ? first.matchId : null);
  }

  /** The whole message, before or in the decoder. */
  private refuse(reason: string, payload: Uint8Array, error?: unknown): DecodedFeedMessage {
    return { updates: [], rejections: [{ kind: 'message', matchId: null, ...faultOf(reason, payload, error) }] };
  }

  private complain(reason: string, payload: Uint8Array, error?: unknown): void {
    this.books.refused(reason);
    this.report('Feed message not handled', faultOf(reason, payload, error));
  }

  private report(message: string, fault: { readonly reason: string }): void {
    const suppressed = this.sampler.admit(fault.reason, this.newestAtMs);
    if (suppressed !== null) this.logger.warn(message, { ...logFields({ ...fault }), suppressed });
  }
}

function faultOf(reason: string, payload: Uint8Array, error: unknown) {
  return { reason, bytes: payload.length, ...(error !== undefined && { error: describeError(error) }) };
}
