import type { RedisServer } from '../parts/redis-server.js';
import type { Phase } from '../phase.js';
import type { World } from '../world.js';

const redisOf = ({ redis }: World) => redis as RedisServer;

/** Redis dies and comes back: meanwhile the journal tells. */
export const redisKilled: Phase = {
  name: 'redis-killed',
  about: 'Redis is killed, and starts again after some seconds',
  isShort: true,
  needsRedis: true,
  async strike({ world, isShort, pass, current }) {
    await redisOf(world).kill();
    await current('at once without Redis');
    await pass(isShort ? 1_000 : 6_000);
    await current('without Redis');
    await redisOf(world).up();
    await pass(isShort ? 500 : 2_000);
    await current('with Redis again');
  },
};

/** What hosts say to Redis and hear from it comes late and in small pieces. */
export const redisSlow: Phase = {
  name: 'redis-slow',
  about: 'all that hosts and Redis say to each other comes 300 ms late and in pieces, to the gateway 1.5 s late',
  isShort: false,
  needsRedis: true,
  async strike({ world, pass, current }) {
    for (const { bus, plan } of world.seats)
      if (bus) bus.slowness = { delayMs: plan.isGateway ? 1_500 : 300, pieceBytes: 700, pauseMs: 1 };
    await pass(6_000);
    await current('with a slow Redis');
    for (const { bus } of world.seats) if (bus) bus.slowness = null;
    await pass(1_000);
    await current('with a quick one again');
  },
};

/** Connections stay and bring nothing any more: for the gateway, then for the holder of the feed. */
export const redisSilent: Phase = {
  name: 'redis-silent',
  about: 'the connections of the gateway to Redis fall silent without an end, then those of the holder of the feed',
  isShort: true,
  needsRedis: true,
  async strike({ world, isShort, pass, current }) {
    for (const seat of isShort ? [world.gateway] : [world.gateway, await world.holder()]) {
      seat.bus?.freeze();
      await current('at once in silence');
      await pass(isShort ? 1_500 : 6_000);
      await current('in silence');
      seat.bus?.thaw();
      // what was frozen stays so: as when a router forgot the connection
      await pass(isShort ? 500 : 3_000);
      seat.bus?.cut();
      await current('after the silence');
    }
  },
};
