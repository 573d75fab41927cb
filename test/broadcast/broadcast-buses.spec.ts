import { describe, it } from '@jest/globals';
import { InMemoryBusHub } from '../../src/testing/index.js';
import { type BroadcastBusHarness, broadcastBusContract } from '../contracts/broadcast-bus.contract.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { TcpGate } from '../support/tcp-gate.js';
import { RedisBusUnderTest } from './redis-bus-under-test.js';

guardAgainstLeaks();

async function openMemory(delayMs: { least: number; most: number }): Promise<BroadcastBusHarness> {
  const hubs = new Map<string, InMemoryBusHub>();
  const hubOf = (channel: string) => {
    const hub = hubs.get(channel) ?? new InMemoryBusHub();
    hub.delayMs = delayMs;
    hubs.set(channel, hub);
    return hub;
  };
  return {
    join: async (channel) => {
      const bus = hubOf(channel).join();
      return {
        bus,
        connect: () => bus.connect(),
        goAway: async () => bus.disconnect(),
        comeBack: async () => bus.connect(),
        close: async () => bus.disconnect(),
      };
    },
    close: async () => {
      for (const hub of hubs.values()) hub.close();
    },
  };
}

broadcastBusContract('memory', () => openMemory({ least: 0, most: 0 }));
broadcastBusContract('memory with delays', () => openMemory({ least: 1, most: 20 }));

async function openRedis(url: string): Promise<BroadcastBusHarness> {
  return {
    join: async (channel) => {
      const gate = new TcpGate(new URL(url));
      await gate.open();
      const { bus } = new RedisBusUnderTest({ url: gate.url, channel });
      await bus.onModuleInit();
      return {
        bus,
        connect: () => bus.onApplicationBootstrap(),
        goAway: () => gate.shut(),
        comeBack: () => gate.open(),
        close: async () => {
          await bus.close();
          await gate.shut();
        },
      };
    },
    close: async () => {},
  };
}

const { REDIS_URL } = process.env;
if (REDIS_URL) broadcastBusContract('Redis', () => openRedis(REDIS_URL));
else describe('Redis as a broadcast bus', () => it.skip('needs REDIS_URL: the address of a Redis', () => {}));
