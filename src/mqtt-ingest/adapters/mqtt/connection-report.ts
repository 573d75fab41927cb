import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { logFields } from '../../../kernel/log-fields.js';
import { LogSampler } from '../../../kernel/log-sampler.js';
import { tlsFailure } from '../../../kernel/tls-failure.js';
import { FeedLog } from '../../feed-log.js';
import { FeedSignalStream } from '../../feed-signal-stream.js';
import { MqttFeedStatus } from '../../mqtt-feed-status.service.js';
import { ResolvedMqttIngestOptions } from '../../mqtt-ingest.options.js';

/** While the broker stays away, the same reason is told this often. */
const OUTAGE_LOG_PERIOD_MS = 300_000;
/** As often as a broker lets us in. */
const SESSION_LINES_PER_MINUTE = 20;

/**
 * What happens to the connection, told to the status, the log and those who watch over the feed. An outage is told once
 * per reason, not once per attempt; every connection once that it is subscribed, and once that it is lost.
 */
@Injectable()
export class ConnectionReport {
  private readonly logger = new Logger(ConnectionReport.name);
  private readonly outageLog = new LogSampler(OUTAGE_LOG_PERIOD_MS);
  private readonly sessions = new LogSampler(0, SESSION_LINES_PER_MINUTE);
  private outageTold = false;
  private subscribedTold = false;

  constructor(
    private readonly clock: Clock,
    private readonly status: MqttFeedStatus,
    private readonly log: FeedLog,
    private readonly signals: FeedSignalStream,
    private readonly options: ResolvedMqttIngestOptions,
  ) {}

  /**
   * The first attempt.
   * @param lasting the client id outlives this process, so that a persistent session does
   */
  connecting(clientId: string, lasting: boolean): void {
    this.log.connecting();
    this.warnOfPlainPassword();
    this.logger.log('Connecting to the broker', { clientId, lasting, session: this.options.session });
  }

  connected(sessionPresent: boolean): void {
    this.outageTold = false;
    this.outageLog.reset();
    this.status.noteConnected();
    this.status.noteSession(sessionPresent);
    this.log.connected();
    this.note('Session at the broker', { clientId: this.status.clientId, sessionPresent });
  }

  /** The broker granted at least one topic. */
  subscribed(): void {
    if (this.subscribedTold) return;
    this.subscribedTold = true;
    const { grantedQos, effectiveDelivery } = this.status;
    this.note('Subscribed', { grantedQos, effectiveDelivery });
    this.signals.publish({ kind: 'subscribed', resumed: this.nothingMissed(), atMs: this.clock.nowMs() });
  }

  failed(error: Error): void {
    const reason = reasonOf(error);
    this.status.noteError(reason);
    const suppressed = this.outageLog.admit(reason, this.clock.nowMs());
    if (suppressed === null) return;
    const code = 'code' in error && typeof error.code === 'number' ? { code: error.code } : {};
    this.logger.warn('Not connected to the broker', {
      host: this.options.host,
      ...logFields({ reason }),
      ...code,
      suppressed,
    });
  }

  /** An attempt failed or a connection broke. */
  lost(): void {
    const reason = this.status.connected ? 'connection closed' : 'client went offline';
    this.left();
    if (this.outageTold) return;
    this.outageTold = true;
    this.log.disconnected(reason);
  }

  /** We are about to end the connection. */
  leaving(): void {
    if (this.status.connected) this.log.disconnected('manual disconnect');
    this.outageTold = true;
  }

  left(): void {
    this.status.noteDisconnected();
    if (!this.subscribedTold) return;
    this.subscribedTold = false;
    this.signals.publish({ kind: 'lost', atMs: this.clock.nowMs() });
  }

  private note(message: string, fields: Readonly<Record<string, unknown>>): void {
    const suppressed = this.sessions.admit(message, this.clock.nowMs());
    if (suppressed !== null) this.logger.log(message, suppressed > 0 ? { ...fields, suppressed } : fields);
  }

  private warnOfPlainPassword(): void {
    const { password, secure, host } = this.options;
    if (password === undefined || secure) return;
    this.logger.warn('The password goes to the broker unencrypted: use mqtts:// or wss://', { host });
  }

  /** A session keeps nothing for a subscription of QoS 0. */
  private nothingMissed(): boolean {
    const { sessionPresent, topics, grantedQos } = this.status;
    return sessionPresent === true && topics.every((topic) => grantedQos[topic] === 1);
  }
}

function reasonOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return tlsFailure(error) ?? (error.message || code || error.name);
}
