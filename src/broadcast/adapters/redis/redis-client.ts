import { fieldsOf } from '../../../kernel/fields.js';
import type { RedisAddress } from './redis-address.js';
import { MissingRedisPackageError } from './redis-bus.errors.js';

/** What the bus needs of a client of the package `redis`. */
export interface RedisClient {
  readonly isOpen: boolean;
  connect(): Promise<unknown>;
  ping(): Promise<unknown>;
  publish(channel: string, message: string): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<void>;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  /** Throws when it is not open. */
  destroy(): void;
}

/** Makes a client for one connection: when that breaks, or never comes about, the client has ended. */
export type OpenRedisClient = (address: RedisAddress, signal: AbortSignal) => RedisClient;

interface RedisPackage {
  readonly createClient: typeof import('redis').createClient;
}

const CONNECT_TIMEOUT_MS = 2_000;
/** More than the bus ever leaves unanswered, so that a ping always finds room. */
const MOST_COMMANDS = 1_100;

/** @throws MissingRedisPackageError */
export async function loadRedis(load: () => Promise<RedisPackage> = () => import('redis')): Promise<OpenRedisClient> {
  const { createClient } = await load().catch((cause: unknown) => {
    throw isMissing(cause) ? new MissingRedisPackageError(cause) : cause;
  });
  return (address, signal) => {
    const { host, port, tls, username, password, database } = address;
    // the signal ends the socket also while it connects, where the client's own `destroy` does not reach it
    const socket = { host, port, connectTimeout: CONNECT_TIMEOUT_MS, signal, reconnectStrategy: () => ended(client) };
    const client: RedisClient = createClient({
      socket: tls ? { ...socket, tls } : socket,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(database !== undefined && { database }),
      disableOfflineQueue: true,
      commandsQueueMaxLength: MOST_COMMANDS,
      disableClientInfo: true,
      maintNotifications: 'disabled',
    }) as unknown as RedisClient;
    return client;
  };
}

/** Ends a client that may have ended by itself. */
export function endRedisClient(client: RedisClient): void {
  if (client.isOpen) client.destroy();
}

/** A client that lost its connection is not used again: the next attempt has a new one. */
function ended(client: RedisClient): false {
  endRedisClient(client);
  return false;
}

function isMissing(error: unknown): boolean {
  const { code } = fieldsOf(error);
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
}
