import type { Clock } from '../../../kernel/clock.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import type { AuthenticateMessage } from '../../ports/match-frames.js';
import { MessageRefused } from '../../ports/message-pipeline.js';
import type { ClientService } from './client-messages.js';
import type { Doorkeeper } from './doorkeeper.js';
import { Expiries } from './expiries.js';
import type { WsClient } from './ws-client.js';
import type { Farewell } from './ws-clients.js';

const EXPIRED: Farewell = { code: 4401, reason: 'token expired' };

/** The identities of the clients: each may be renewed by AUTHENTICATE, and one that expires ends its connection. */
export class Identities {
  private readonly expiries: Expiries<WsClient>;
  /** those whose end is listened for */
  private readonly watched = new WeakSet<WsClient>();

  constructor(
    private readonly service: Pick<ClientService, 'send' | 'sayGoodbye'>,
    private readonly doorkeeper: Pick<Doorkeeper, 'authenticate'>,
    private readonly clock: Clock,
    scheduler: Scheduler,
  ) {
    this.expiries = new Expiries(clock, scheduler, (client) => this.expired(client));
  }

  /** Watches the identity of a client until it is gone. */
  watch(client: WsClient): void {
    const { expiresAtMs } = client.identity;
    if (expiresAtMs !== null && !this.watched.has(client)) {
      this.watched.add(client);
      client.ws.once('close', () => this.expiries.delete(client));
    }
    this.expiries.set(client, expiresAtMs);
  }

  /** @throws MessageRefused */
  async renew(client: WsClient, { id, token }: AuthenticateMessage): Promise<void> {
    const gone = new AbortController();
    const left = () => gone.abort();
    client.ws.once('close', left);
    const result = await this.doorkeeper
      .authenticate(token, client.facts, gone.signal)
      .finally(() => client.ws.off('close', left));
    if (!client.isOpen) return;
    if (!result) throw new MessageRefused('REFUSED', 'This server asks for no token');
    if (result.refusal) throw refusalOf(result.refusal);
    client.identity = result.identity;
    const { expiresAtMs } = result.identity;
    this.watch(client);
    this.service.send(client, {
      type: 'AUTHENTICATED',
      ...(id === undefined ? undefined : { id }),
      ...(expiresAtMs === null ? undefined : { expiresAt: expiresAtMs }),
      timestamp: this.clock.nowMs(),
    });
  }

  close(): void {
    this.expiries.close();
  }

  /** A client of the first protocol knows neither frame: it sees the close code alone. */
  private expired(client: WsClient): void {
    if (client.kind !== 'live') {
      client.close(EXPIRED.code, EXPIRED.reason);
      return;
    }
    const message = 'The token has expired';
    this.service.send(client, { type: 'ERROR', code: 'TOKEN_EXPIRED', message, timestamp: this.clock.nowMs() });
    this.service.sayGoodbye(client, 'expired', EXPIRED);
  }
}

function refusalOf(refusal: string): MessageRefused {
  if (refusal === 'unauthorized') return new MessageRefused('UNAUTHORIZED', 'The token is not accepted');
  return new MessageRefused('UNAVAILABLE', 'The token cannot be checked now; ask again');
}
