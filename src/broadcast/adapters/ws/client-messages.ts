import type { Logger } from '@nestjs/common';
import type { Clock } from '../../../kernel/clock.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import { reasonOf } from '../../../kernel/unreachable.errors.js';
import type { ClientMessage, ErrorCode, ErrorFrame, GoodbyeFrame } from '../../ports/match-frames.js';
import { type MessagePipeline, MessageRefused } from '../../ports/message-pipeline.js';
import { isMessageFault, readMessage } from '../../ports/read-message.js';
import { Allowance } from './allowance.js';
import { MessageReader, readSent, type SentMessage } from './message-reader.js';
import type { WsClient } from './ws-client.js';
import type { Farewell } from './ws-clients.js';

/** Messages of one client that wait for their turn. */
const MOST_PENDING = 16;
/** A client that is answered so many errors within an hour or so is closed. */
const MOST_ERRORS = 20;
const ERRORS_PER_SECOND = MOST_ERRORS / 3_600;
const ABUSE = { code: 1008, reason: 'too many errors' } as const;

/** What is done for clients of protocol 2, and how they are answered. */
export interface ClientService {
  /** @throws MessageRefused */
  handle(client: WsClient, message: ClientMessage): Promise<void>;
  becomeLive(client: WsClient): void;
  send(client: WsClient, frame: object): void;
  sayGoodbye(client: WsClient, reason: GoodbyeFrame['reason'], farewell: Farewell): void;
}

/**
 * What clients send. PING is answered at once. Messages of protocol 2 run one after the other per client, through the pipeline
 * of the host; what is wrong with one is answered by a coded error. Clients of the first protocol are answered nothing else:
 * what is no message of protocol 2 is ignored, and the first that is makes the client one of protocol 2.
 */
export class ClientMessages {
  private readonly invalid: SampledWarning;
  private readonly failures: SampledWarning;
  private readonly reader = new MessageReader();

  constructor(
    private readonly service: ClientService,
    private readonly pipeline: MessagePipeline,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    logger: Logger,
  ) {
    this.invalid = new SampledWarning(logger, 'A WebSocket client sent invalid JSON');
    this.failures = new SampledWarning(logger, 'A message of a WebSocket client failed');
  }

  /** @param data as it was sent: no longer than `maxMessageBytes` */
  arrived(client: WsClient, data: Buffer): void {
    let sent: SentMessage;
    try {
      // a pipe of the host may change what it is given
      sent = this.pipeline.isPassedBy ? this.reader.read(data) : readSent(data);
    } catch {
      if (client.kind === 'live') this.refuse(client, undefined, 'BAD_JSON', 'A message is a JSON object');
      else this.invalid.warn();
      return;
    }
    const { value, read } = sent;
    if (isMessageFault(read)) this.faulty(client, value, read);
    else if (read.type === 'PING') this.service.send(client, { type: 'PONG', timestamp: this.clock.nowMs() });
    else this.enqueue(client, read);
  }

  private faulty(client: WsClient, value: unknown, { code, message }: { code: ErrorCode; message: string }): void {
    if (client.kind !== 'live' && !isOfProtocol2(value)) return;
    this.refuse(client, idOf(value), code, message);
  }

  private enqueue(client: WsClient, message: Exclude<ClientMessage, { type: 'PING' }>): void {
    if (client.pendingMessages >= MOST_PENDING) {
      this.refuse(client, message.id, 'REFUSED', 'Too many messages at once');
      return;
    }
    this.service.becomeLive(client);
    client.pendingMessages += 1;
    client.work = client.work.then(async () => {
      try {
        if (client.isOpen) await this.pipeline.run(client, message, (passed) => this.handle(client, message, passed));
      } catch (error) {
        this.failed(client, message.id, error);
      } finally {
        client.pendingMessages -= 1;
      }
    });
  }

  /** What a pipe made of a message is read like one that was sent. */
  private handle(client: WsClient, message: ClientMessage, passed: unknown): Promise<void> {
    if (passed === message) return this.service.handle(client, message);
    const read = readMessage(passed);
    if (isMessageFault(read)) throw new MessageRefused(read.code, read.message);
    return this.service.handle(client, read);
  }

  private failed(client: WsClient, id: string | undefined, error: unknown): void {
    if (error instanceof MessageRefused) {
      this.refuse(client, id, error.code, error.message);
      return;
    }
    this.failures.warn({ error: reasonOf(error) });
    this.refuse(client, id, 'INTERNAL', 'The message could not be handled');
  }

  private refuse(client: WsClient, id: string | undefined, code: ErrorCode, message: string): void {
    if (!client.isOpen) return;
    const frame: ErrorFrame = {
      type: 'ERROR',
      ...(id === undefined ? undefined : { id }),
      code,
      message,
      timestamp: this.clock.nowMs(),
    };
    this.service.send(client, frame);
    const nowMs = this.scheduler.monotonicMs();
    client.errors ??= new Allowance(ERRORS_PER_SECOND, MOST_ERRORS, nowMs);
    client.errors.spend(1);
    if (client.errors.available(nowMs) < 1) this.service.sayGoodbye(client, 'abuse', ABUSE);
  }
}

const TYPES_OF_PROTOCOL_2: ReadonlySet<unknown> = new Set(['SUBSCRIBE', 'UNSUBSCRIBE', 'AUTHENTICATE']);

function isOfProtocol2(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && TYPES_OF_PROTOCOL_2.has(value.type);
}

function idOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  return typeof value.id === 'string' && /^[^\p{Cc}\p{Cs}]{1,64}$/u.test(value.id) ? value.id : undefined;
}
