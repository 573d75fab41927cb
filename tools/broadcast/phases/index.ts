import type { Phase } from '../phase.js';
import { disconnects, instances, slowReaders } from './clients.js';
import { allAway, databaseAway } from './database.js';
import { handover, restarts, sleeper, takeover } from './hosts.js';
import { withoutRedis } from './no-redis.js';
import { redisKilled, redisSilent, redisSlow } from './redis.js';

/** In this order: the last one leaves the hosts without Redis. */
export const PHASES: readonly Phase[] = [
  disconnects,
  instances,
  slowReaders,
  redisKilled,
  redisSlow,
  redisSilent,
  databaseAway,
  allAway,
  restarts,
  handover,
  takeover,
  sleeper,
  withoutRedis,
];
