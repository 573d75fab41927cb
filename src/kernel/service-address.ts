import { LiveScoreError } from './livescore.errors.js';

/** What an address of ours may reach, and how it begins. */
const SERVICES = {
  database: ['postgres:', 'postgresql:'],
  Redis: ['redis:', 'rediss:'],
  'MQTT broker': ['mqtt:', 'mqtts:', 'ws:', 'wss:'],
  WebSocket: ['ws:', 'wss:'],
  host: ['http:', 'https:', 'ws:', 'wss:'],
} as const;

export type Service = keyof typeof SERVICES;

/**
 * An address that cannot be read. It may hold a password anywhere, so nothing of it is repeated, also not by the error of
 * whoever tried to read it.
 */
export class UnreadableAddressError extends LiveScoreError {
  constructor(service: Service) {
    super(
      'LIVESCORE_UNREADABLE_ADDRESS',
      `it is not an address like ${SERVICES[service][0]}//user:password@host:port/name; in user and password each of / ? # @ % and : is percent-encoded`,
    );
  }
}

/**
 * Reads an address that may hold a password, and refuses whatever a driver might read in another way than meant: a
 * password with `/`, `?`, `#` or `@` in it ends up as host, port or path.
 * @throws UnreadableAddressError
 */
export function readAddress(service: Service, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !isOf(service, url.protocol) || !isWhole(service, url)) throw new UnreadableAddressError(service);
  return url;
}

/** Is it an address of the service? */
export function isAddress(service: Service, text: string): boolean {
  try {
    readAddress(service, text);
    return true;
  } catch {
    return false;
  }
}

/** All that is told of an address: protocol, host and port, and the path where no name of a database stands in it. */
export function shownAddress(service: Service, text: string): string {
  if (!isAddress(service, text)) return 'an address that cannot be read';
  const { protocol, host, pathname } = new URL(text);
  if (host === '') return 'a local socket';
  return `${protocol}//${host}${service === 'WebSocket' || service === 'host' ? pathname : ''}`;
}

function isOf(service: Service, protocol: string): boolean {
  const known: readonly string[] = SERVICES[service];
  return known.includes(protocol);
}

function isWhole(service: Service, { href, host, username, password, pathname, search, hash }: URL): boolean {
  if (hash !== '' || /[@:]/.test(pathname) || search.includes('@') || /[\s"'<>^`{|}]/.test(host)) return false;
  const isLocal = service === 'database' && href.includes('///') && new URLSearchParams(search).has('host');
  return (host !== '' || isLocal) && [username, password, pathname].every(isEncoded);
}

function isEncoded(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}
