import type { IncomingMessage } from 'node:http';
import type { UpgradeFacts } from '../../ports/client-authenticator.js';
import { urlWithoutToken } from './upgrade-token.js';

const NO_HEADERS: UpgradeFacts['headers'] = Object.freeze({});

/** What is kept of the request of a client, as long as it is connected. */
export interface KeptFacts {
  /** false: nobody will ask for them, and thousands of clients have thousands of them */
  readonly headers: boolean;
  /** true: the token was read, and is kept nowhere */
  readonly withoutToken: boolean;
}

export function factsOf(request: IncomingMessage, address: string | null, kept: KeptFacts): UpgradeFacts {
  const url = kept.withoutToken ? urlWithoutToken(request) : (request.url ?? '');
  if (!kept.headers) return { headers: NO_HEADERS, url, address };
  if (!kept.withoutToken) return { headers: request.headers, url, address };
  const { authorization: _token, 'sec-websocket-protocol': _protocols, ...headers } = request.headers;
  return { headers, url, address };
}
