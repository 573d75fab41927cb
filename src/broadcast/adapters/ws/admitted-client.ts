import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ClientIdentity, UpgradeFacts } from '../../ports/client-authenticator.js';

/** A client whose connection was upgraded, as the doorkeeper hands it over. */
export interface AdmittedClient {
  readonly ws: WebSocket;
  readonly socket: Duplex;
  readonly identity: ClientIdentity;
  readonly facts: UpgradeFacts;
  /** asked for protocol 2 at the upgrade: by the query `protocol=2` or the subprotocol `livescore.v2` */
  readonly protocol2: boolean;
}
