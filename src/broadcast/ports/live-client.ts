import type { ClientIdentity, UpgradeFacts } from './client-authenticator.js';

/** Guards and interceptors see a client of protocol 2 as this, by `context.switchToWs().getClient()`. */
export interface LiveClient {
  /** unique in this process */
  readonly id: string;
  readonly identity: ClientIdentity;
  readonly facts: UpgradeFacts;
}
