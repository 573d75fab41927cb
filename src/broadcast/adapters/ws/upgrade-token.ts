import type { IncomingMessage } from 'node:http';

const PROTOCOL_2 = 'livescore.v2';
const BEARER_PROTOCOL = 'bearer.';
const TOKEN_PARAMETER = 'token';

const isBearer = (protocol: string): boolean => protocol.startsWith(BEARER_PROTOCOL);

type Request = Pick<IncomingMessage, 'headers' | 'url'>;

/**
 * The token of an upgrade: that of `Authorization: Bearer`, else of the subprotocol `bearer.<token>`, which is how a browser can
 * send one, else of the query `token`, which stands in the logs of proxies.
 * @returns null: there is none
 */
export function tokenOf(request: Request): string | null {
  const authorization = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (authorization) return authorization;
  const protocol = offered(request).find(isBearer);
  if (protocol) return protocol.slice(BEARER_PROTOCOL.length) || null;
  return queryOf(request).get(TOKEN_PARAMETER) || null;
}

/** By `/ws?protocol=2`, or by the subprotocol. */
export function asksForProtocol2(request: Request): boolean {
  return queryOf(request).get('protocol') === '2' || offered(request).includes(PROTOCOL_2);
}

/** Selects the subprotocol that is answered. A token is none, so a client that sends one offers another, too. */
export function selectProtocol(protocols: ReadonlySet<string>): string | false {
  if (protocols.has(PROTOCOL_2)) return PROTOCOL_2;
  return [...protocols].find((protocol) => !isBearer(protocol)) ?? false;
}

/** The address without the token. */
export function urlWithoutToken({ url = '' }: Request): string {
  const [path = '', search] = splitOnce(url);
  if (search === undefined) return url;
  const kept = search.split('&').filter((pair) => !new URLSearchParams(pair).has(TOKEN_PARAMETER));
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`;
}

function queryOf({ url = '' }: Request): URLSearchParams {
  return new URLSearchParams(splitOnce(url)[1]);
}

function splitOnce(url: string): [path: string, search?: string] {
  const at = url.indexOf('?');
  return at < 0 ? [url] : [url.slice(0, at), url.slice(at + 1)];
}

function offered({ headers }: Request): string[] {
  const list = headers['sec-websocket-protocol'];
  return list === undefined ? [] : list.split(',').map((protocol) => protocol.trim());
}
