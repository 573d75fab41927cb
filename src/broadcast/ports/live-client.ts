import type { ClientIdentity, UpgradeFacts } from './client-authenticator.js';

/** A client of protocol 2, as guards and interceptors see it by `context.switchToWs().getClient()`. */
export interface LiveClient {
  /** unique in this process */
  readonly id: string;
  readonly identity: ClientIdentity;
  readonly facts: UpgradeFacts;
}
