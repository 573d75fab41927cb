import type { Clock } from '../../../kernel/clock.js';
import type { LiveScoreMetrics } from '../../../kernel/livescore-metrics.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import type { ClientMessage, GoodbyeFrame } from '../../ports/match-frames.js';
import type { ClientService } from './client-messages.js';
import { closeInSlices } from './closing-time.js';
import type { Doorkeeper } from './doorkeeper.js';
import { Identities } from './identities.js';
import type { Subscribe } from './subscribe.js';
import type { WsClient } from './ws-client.js';
import type { Farewell, WsClients } from './ws-clients.js';
import { jsonFrame } from './ws-frame.js';

const GOING_AWAY: Farewell = { code: 1001, reason: 'server is going away' };
const TOO_SLOW: Farewell = { code: 4408, reason: 'too slow, come back and resume' };
/** Who was too slow comes back after that. */
const SLOW_RETRY_MS = 1_000;

export interface ServiceParts {
  readonly clients: WsClients;
  readonly doorkeeper: Doorkeeper;
  readonly subscriptions: Subscribe;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly metrics: Pick<LiveScoreMetrics, 'webSocketsCutOff'>;
}

/** What is done for clients of protocol 2: their messages, their identities, and every goodbye. */
export class LiveService implements ClientService {
  readonly identities: Identities;

  constructor(private readonly parts: ServiceParts) {
    const { doorkeeper, clock, scheduler } = parts;
    this.identities = new Identities(this, doorkeeper, clock, scheduler);
  }

  async handle(client: WsClient, message: ClientMessage): Promise<void> {
    const { clients, subscriptions, clock } = this.parts;
    switch (message.type) {
      case 'SUBSCRIBE':
        return subscriptions.run(client, message);
      case 'UNSUBSCRIBE':
        clients.audience.remove(client, message);
        return this.send(client, { type: 'UNSUBSCRIBED', ...idOf(message), timestamp: clock.nowMs() });
      case 'AUTHENTICATE':
        return this.identities.renew(client, message);
      case 'PING':
        return undefined;
    }
  }

  becomeLive(client: WsClient): void {
    this.parts.clients.becomeLive(client);
  }

  send(client: WsClient, frame: object): void {
    this.parts.clients.send(client, jsonFrame(frame));
  }

  sayGoodbye(client: WsClient, reason: GoodbyeFrame['reason'], { code, reason: text }: Farewell): void {
    if (!client.isOpen) return;
    this.tellGoodbye(client, reason, SLOW_RETRY_MS);
    client.close(code, text);
  }

  tooSlow(client: WsClient): void {
    const { clients, metrics } = this.parts;
    clients.slow += 1;
    metrics.webSocketsCutOff.inc({ reason: 'slow' });
    this.sayGoodbye(client, 'slow', TOO_SLOW);
  }

  /** Says goodbye to everybody who is connected now, and waits until they are gone, for so long at most. */
  closeAll(timeoutMs: number): Promise<void> {
    const { clients, scheduler } = this.parts;
    return closeInSlices([...clients.all], {
      timeoutMs,
      farewell: GOING_AWAY,
      tell: (client, retryAfterMs) => this.tellGoodbye(client, 'shutdown', retryAfterMs),
      scheduler,
    });
  }

  /** After the last goodbye. */
  close(): void {
    this.identities.close();
    this.parts.subscriptions.close();
  }

  private tellGoodbye(client: WsClient, reason: GoodbyeFrame['reason'], retryAfterMs: number): void {
    const timestamp = this.parts.clock.nowMs();
    client.write(jsonFrame({ type: 'GOODBYE', reason, retryAfterMs, timestamp }));
  }
}

function idOf({ id }: { readonly id?: string | undefined }): { readonly id?: string } {
  return id === undefined ? {} : { id };
}
