import { randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { EventLog } from '../kernel/event-log.js';
import { LogSampler } from '../kernel/log-sampler.js';
import type { EventFields } from '../kernel/structured-event.js';
import { ResolvedMqttIngestOptions } from './mqtt-ingest.options.js';

/** A broker that lets us in and throws us out does not choose how much is logged. */
const CONNECTION_LINES_PER_MINUTE = 30;

export type DisconnectReason = 'connection closed' | 'client went offline' | 'manual disconnect';

/** The `websocket.*` lines of the platform's dashboard, one structured event each. User names stay out. */
@Injectable()
export class FeedLog {
  private readonly logger = new Logger(FeedLog.name);
  private readonly lines = new LogSampler(0, CONNECTION_LINES_PER_MINUTE, (lines) =>
    this.logger.warn('The connection came and went more often than the log tells', { lines }),
  );
  private connectionId = newConnectionId();

  constructor(
    private readonly clock: Clock,
    private readonly events: EventLog,
    private readonly options: ResolvedMqttIngestOptions,
  ) {}

  connecting(): void {
    this.write('websocket.connecting', { host: this.options.host });
  }

  connected(): void {
    this.connectionId = newConnectionId();
    this.write('websocket.connected', { host: this.options.host });
  }

  subscribed(topics: readonly string[]): void {
    this.write('websocket.subscribed', { topics });
  }

  disconnected(reason: DisconnectReason): void {
    this.write('websocket.disconnected', { level: 'warn', reason });
  }

  rate(messages: number, windowS: number): void {
    const fields = {
      messages_since_last: messages,
      window_sec: windowS,
      topics: this.options.topics,
      connection_id: this.connectionId,
    };
    this.events.write(this.logger, 'websocket.msg.rate', fields);
  }

  private write(event: string, fields: EventFields): void {
    if (this.lines.admit(event, this.clock.nowMs()) !== null) this.events.write(this.logger, event, fields);
  }
}

function newConnectionId(): string {
  return randomBytes(4).toString('hex');
}
