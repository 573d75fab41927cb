import { Test } from '@nestjs/testing';
import { CentrifugoPublisher } from '../../src/broadcast/adapters/centrifugo/centrifugo-publisher.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { ProviderApi } from '../../src/provider/ports/provider-api.js';
import { ProviderModule } from '../../src/provider/provider.module.js';
import { startProviderStandIn } from '../../src/testing/index.js';
import { FakeCentrifugo } from '../broadcast/fake-centrifugo.js';
import { RedisBusUnderTest } from '../broadcast/redis-bus-under-test.js';
import type { Certificate } from '../support/certificates.js';
import { redisIsInstalled } from '../support/redis-server.js';
import { changeFrame } from '../support/told.js';
import { startTlsFront } from './tls-front.js';
import { startTlsRedis } from './tls-redis.js';

/** In every address or request: nothing may repeat it. */
export const SECRET = 'told-to-nobody';

/** A service that the package reaches by an address of its own, and one use of it. */
export interface SecuredService {
  readonly name: string;
  /**
   * Starts the server and a client of the package.
   * @param certificate null: it speaks no TLS, which the client does not know
   */
  start(certificate: Certificate | null): Promise<UsedService>;
}

export interface UsedService {
  /** did it ever work? Asks for it again, where nothing else does */
  works(): Promise<boolean>;
  /** the error that the client threw, where it throws: others write it into the log */
  thrown(): string;
  stop(): Promise<void>;
}

const redisBus: SecuredService = {
  name: 'Redis',
  start: async (certificate) => {
    const server = await startTlsRedis(certificate, SECRET);
    const under = new RedisBusUnderTest({ url: `rediss://:${SECRET}@127.0.0.1:${server.port}`, channel: 'goals' });
    await under.start();
    return {
      works: async () => under.bus.isConnected,
      thrown: () => '',
      stop: async () => {
        await under.bus.close();
        await server.stop();
      },
    };
  },
};

const centrifugo: SecuredService = {
  name: 'Centrifugo',
  start: async (certificate) => {
    const server = new FakeCentrifugo(SECRET);
    await server.start();
    const front = await frontOf(server.url, certificate);
    const publisher = new CentrifugoPublisher(
      { url: front.url, apiKey: SECRET, channelPrefix: 'match:', allChannel: 'live', timeoutMs: 30_000 },
      { scheduler: new SystemScheduler(), metrics: new LiveScoreMetrics() },
    );
    publisher.publish([changeFrame({ version: 1 })]);
    return {
      works: async () => server.published.length > 0,
      thrown: () => '',
      stop: async () => {
        await publisher.close();
        await front.stop();
        await server.stop();
      },
    };
  },
};

const provider: SecuredService = {
  name: 'the provider',
  start: async (certificate) => {
    const server = await startProviderStandIn({ secret: SECRET });
    const front = await frontOf(server.url, certificate);
    const options = { baseUrl: front.url, user: server.user, secret: SECRET, burst: 100 };
    const module = await Test.createTestingModule({ imports: [ProviderModule.forRoot(options)] }).compile();
    await module.init();
    let thrown = '';
    return {
      works: async () => {
        try {
          await module.get(ProviderApi).liveMatches();
          return true;
        } catch (error) {
          thrown = String(error);
          return false;
        }
      },
      thrown: () => thrown,
      stop: async () => {
        await module.close();
        await front.stop();
        await server.close();
      },
    };
  },
};

/** @returns the address as `https://`, whoever answers there */
async function frontOf(url: string, certificate: Certificate | null) {
  const address = new URL(url);
  const front = certificate ? await startTlsFront(certificate, Number(address.port)) : null;
  const port = front?.port ?? address.port;
  return { url: `https://127.0.0.1:${port}${address.pathname}`, stop: async () => front?.stop() };
}

export const SECURED_SERVICES: readonly SecuredService[] = [
  ...(redisIsInstalled ? [redisBus] : []),
  centrifugo,
  provider,
];
