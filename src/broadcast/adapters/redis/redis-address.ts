import { readAddress, UnreadableAddressError } from '../../../kernel/service-address.js';

/** Where a Redis is and who asks. Holds a password: it never reaches a log or an error. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly database?: number;
}

const DEFAULT_PORT = 6_379;
const DATABASE = /^\/?(\d{1,4})?$/;

/**
 * Reads `redis://user:password@host:6379/0`, or `rediss://` for TLS. The driver never sees the text: some of its errors repeat it.
 * @throws UnreadableAddressError
 */
export function readRedisAddress(text: string): RedisAddress {
  const { protocol, hostname, port, username, password, pathname } = readAddress('Redis', text);
  const path = DATABASE.exec(pathname);
  if (!path) throw new UnreadableAddressError('Redis');
  const [, database] = path;
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port || DEFAULT_PORT),
    tls: protocol === 'rediss:',
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(database && { database: Number(database) }),
  };
}
