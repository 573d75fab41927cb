import { createClient } from '@keyv/redis';
import { Logger } from '@nestjs/common';
import { LOCK_S, lockToken, MatchLock } from './match-lock.js';

/** Deletes the key only while it holds our value. */
const RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";
const CONNECT_TIMEOUT_MS = 500;

/**
 * `lock:match:<id>` in Redis for 5 s. A Redis that is missing or fails counts as "lock acquired", as in the original;
 * the release is better than the original's, which deleted whatever lock there was.
 */
export class RedisMatchLock extends MatchLock {
  private readonly logger = new Logger(RedisMatchLock.name);
  private readonly client: ReturnType<typeof createClient>;

  constructor(url: string) {
    super();
    this.client = createClient({
      url,
      disableOfflineQueue: true,
      socket: {
        connectTimeout: CONNECT_TIMEOUT_MS,
        reconnectStrategy: (retries) => Math.min(100 * retries, 2_000),
      },
    });
    this.client.on('error', (error: unknown) => this.logger.debug({ message: 'Redis failed', reason: String(error) }));
    void this.client.connect().catch(() => undefined);
  }

  override async acquire(matchId: string, sourceName: string): Promise<string | null> {
    const token = lockToken(sourceName);
    try {
      const condition = { expiration: { type: 'EX', value: LOCK_S }, condition: 'NX' } as const;
      return (await this.client.set(keyOf(matchId), token, condition)) === null ? null : token;
    } catch {
      return token;
    }
  }

  override async release(matchId: string, token: string): Promise<void> {
    await this.client.eval(RELEASE, { keys: [keyOf(matchId)], arguments: [token] }).catch(() => undefined);
  }

  override async ping(): Promise<boolean> {
    return this.client.ping().then(
      () => true,
      () => false,
    );
  }

  override async close(): Promise<void> {
    this.client.destroy();
  }
}

function keyOf(matchId: string): string {
  return `lock:match:${matchId}`;
}
