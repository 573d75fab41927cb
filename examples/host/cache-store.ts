import { createKeyv } from '@keyv/redis';
import type { CacheModuleOptions } from '@nestjs/cache-manager';
import { Logger } from '@nestjs/common';

/**
 * Redis, or this process's memory without an address. A Redis that is down costs misses, never time: without these
 * options every read would wait in the client's offline queue for ever.
 */
export function cacheStore(redisUrl: string | null): CacheModuleOptions {
  if (!redisUrl) return {};
  const store = createKeyv(
    {
      url: redisUrl,
      disableOfflineQueue: true,
      socket: { connectTimeout: 500, reconnectStrategy: (retries) => Math.min(100 * retries, 2_000) },
    },
    { namespace: 'goalgpt', throwOnConnectError: false, connectionTimeout: 500 },
  );
  const logger = new Logger('Cache');
  let isDown = false;
  store.on('error', (error: unknown) => {
    if (!isDown) logger.warn({ message: 'Redis not reachable, reads miss until it is back', reason: String(error) });
    isDown = true;
  });
  store.on('connect', () => {
    isDown = false;
  });
  return { stores: [store] };
}
