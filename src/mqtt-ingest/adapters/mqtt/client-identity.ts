import { randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Scheduler } from '../../../kernel/scheduler.js';
import { LeaseConnectionGate } from '../../lease-connection-gate.js';
import { ResolvedMqttIngestOptions } from '../../mqtt-ingest.options.js';
import { TakeoverWatch } from './takeover-watch.js';

/**
 * Under a lease the id is ours alone, unless somebody runs a copy of the database: a bad network is the likelier reason,
 * and with another id the messages that the broker keeps for us would wait in vain.
 */
const SUSPICIOUS_LOSSES = { alone: 3, underLease: 10 } as const;

/**
 * The client id to connect with: the host's, else that of the lease, else a random one. Two processes with one id would
 * throw each other off the broker for ever, so the one that notices goes on with an id of its own.
 */
@Injectable()
export class ClientIdentity {
  private readonly logger = new Logger(ClientIdentity.name);
  private readonly watch = new TakeoverWatch();
  private replacement: string | null = null;

  constructor(
    private readonly gate: LeaseConnectionGate,
    private readonly scheduler: Scheduler,
    private readonly options: ResolvedMqttIngestOptions,
  ) {}

  get clientId(): string {
    return this.replacement ?? this.intended;
  }

  /** The id outlives this process: whoever comes after it finds the session. */
  get lasting(): boolean {
    return this.replacement === null && (this.options.clientIdGiven || this.gate.clientId !== null);
  }

  connected(): void {
    this.watch.connected(this.scheduler.monotonicMs());
  }

  /** An attempt failed, or a connection ended by itself. */
  closed(): void {
    const suspicious = this.gate.arbitrated ? SUSPICIOUS_LOSSES.underLease : SUSPICIOUS_LOSSES.alone;
    if (this.watch.closed(this.scheduler.monotonicMs(), suspicious)) this.replace();
  }

  /** We ended the connection ourselves. */
  left(): void {
    this.watch.reset();
  }

  /** Another term, another chance for its client id. */
  restore(): void {
    this.watch.reset();
    this.replacement = null;
  }

  /** The broker gave our session to another client. */
  replace(): void {
    if (this.replacement) return;
    this.replacement = `${this.intended}-${randomBytes(3).toString('hex')}`;
    this.logger.warn(
      'Another client uses our client id: going on with one of our own, without the session kept under the old one. ' +
        'Give every process its own clientId, or let them share the ingest lease, and restart this one',
      { clientId: this.intended, replacement: this.replacement },
    );
  }

  private get intended(): string {
    const { clientId, clientIdGiven } = this.options;
    return clientIdGiven ? clientId : (this.gate.clientId ?? clientId);
  }
}
