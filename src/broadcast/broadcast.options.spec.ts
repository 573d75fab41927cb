import { describe, expect, it } from '@jest/globals';
import { type BroadcastOptions, resolveBroadcastOptions } from './broadcast.options.js';

describe('resolveBroadcastOptions', () => {
  it('gives the documented defaults', () => {
    expect(resolveBroadcastOptions()).toEqual({
      path: '/ws',
      pingIntervalMs: 15_000,
      maxBufferedBytes: 1_048_576,
      maxBufferedBytesTotal: 67_108_864,
      maxClients: 10_000,
      maxClientsPerAddress: 200,
      trustedProxies: [],
      handshakesPerSecond: 500,
      handshakesPerSecondPerAddress: 10,
      messagesPerSecond: 2,
      bytesPerSecond: 1_024,
      maxMessageBytes: 16_384,
      closeTimeoutMs: 2_000,
      role: 'both',
      legacyFrames: true,
      conflateBeyondBytes: 65_536,
      maxSubscriptions: 500,
      origins: undefined,
      anonymous: true,
      authTimeoutMs: 3_000,
      enhancers: { guards: [], pipes: [], interceptors: [], filters: [] },
      globalEnhancers: false,
      maxMatches: 5_000,
      replayVersions: 32,
      currentForMs: 10_800_000,
      journalPollMs: 200,
      redis: undefined,
      centrifugo: undefined,
      longPollMs: 20_000,
    });
  });

  it.each<[BroadcastOptions, string]>([
    [{ path: 'ws' }, 'path'],
    [{ path: '/ws?x' }, 'path'],
    [{ pingIntervalMs: 9 }, 'pingIntervalMs'],
    [{ pingIntervalMs: 60_001 }, 'pingIntervalMs'],
    [{ maxBufferedBytes: 1.5 }, 'maxBufferedBytes'],
    [{ maxClients: 0 }, 'maxClients'],
    [{ maxBufferedBytesTotal: 1_023 }, 'maxBufferedBytesTotal'],
    [{ maxBufferedBytes: 65_536, maxBufferedBytesTotal: 65_535 }, 'maxBufferedBytesTotal'],
    [{ maxClientsPerAddress: 0 }, 'maxClientsPerAddress'],
    [{ trustedProxies: ['10.0.0.0/33'] }, 'trustedProxies'],
    [{ trustedProxies: ['fd00::/129'] }, 'trustedProxies'],
    [{ trustedProxies: ['nginx'] }, 'trustedProxies'],
    [{ trustedProxies: ['10.0.0.0/8/8'] }, 'trustedProxies'],
    [{ trustedProxies: '10.0.0.0' as never }, 'trustedProxies'],
    [{ handshakesPerSecond: 0 }, 'handshakesPerSecond'],
    [{ handshakesPerSecondPerAddress: 1.5 }, 'handshakesPerSecondPerAddress'],
    [{ messagesPerSecond: 0 }, 'messagesPerSecond'],
    [{ bytesPerSecond: 63 }, 'bytesPerSecond'],
    [{ maxMessageBytes: 63 }, 'maxMessageBytes'],
    [{ closeTimeoutMs: -1 }, 'closeTimeoutMs'],
    [{ role: 'feed' as never }, 'role'],
    [{ legacyFrames: 'no' as never }, 'legacyFrames'],
    [{ conflateBeyondBytes: 1_023 }, 'conflateBeyondBytes'],
    [{ conflateBeyondBytes: 67_108_865 }, 'conflateBeyondBytes'],
    [{ maxBufferedBytes: 2_048, conflateBeyondBytes: 2_049 }, 'conflateBeyondBytes'],
    [{ maxSubscriptions: 0 }, 'maxSubscriptions'],
    [{ maxSubscriptions: 10_001 }, 'maxSubscriptions'],
    [{ origins: 'https://example.org' as never }, 'origins'],
    [{ origins: ['https://example.org/'] }, 'origins'],
    [{ origins: ['https://example.org:443'] }, 'origins'],
    [{ origins: ['https://Example.org'] }, 'origins'],
    [{ origins: ['https://user@example.org'] }, 'origins'],
    [{ origins: ['example.org'] }, 'origins'],
    [{ origins: ['*'] }, 'origins'],
    [{ origins: ['null'] }, 'origins'],
    [{ anonymous: 1 as never }, 'anonymous'],
    [{ authTimeoutMs: 9 }, 'authTimeoutMs'],
    [{ authTimeoutMs: 30_001 }, 'authTimeoutMs'],
    [{ enhancers: [] as never }, 'enhancers'],
    [{ enhancers: { guards: [{ canactivate: () => true }] } }, 'enhancers.guards'],
    [{ enhancers: { pipes: ['SomePipe'] } }, 'enhancers.pipes'],
    [{ enhancers: { interceptors: [null] } }, 'enhancers.interceptors'],
    [{ enhancers: { filters: {} as never } }, 'enhancers.filters'],
    [{ enhancers: { guard: [] } as never }, 'enhancers.guard'],
    [{ globalEnhancers: 'yes' as never }, 'globalEnhancers'],
    [{ maxMatches: 9 }, 'maxMatches'],
    [{ maxMatches: 100_001 }, 'maxMatches'],
    [{ replayVersions: -1 }, 'replayVersions'],
    [{ replayVersions: 1_001 }, 'replayVersions'],
    [{ currentForMs: 59_999 }, 'currentForMs'],
    [{ currentForMs: 86_400_001 }, 'currentForMs'],
    [{ journalPollMs: 19 }, 'journalPollMs'],
    [{ journalPollMs: 10_001 }, 'journalPollMs'],
    [{ redis: 'redis://127.0.0.1' as never }, 'redis'],
    [{ redis: {} as never }, 'redis.url'],
    [{ redis: { url: 'http://127.0.0.1:6379' } }, 'redis.url'],
    [{ redis: { url: 'redis://127.0.0.1', channel: ' ' } }, 'redis.channel'],
    [{ redis: { url: 'redis://127.0.0.1', password: 'x' } as never }, 'redis.password'],
    [{ centrifugo: { url: 'ws://127.0.0.1:8000', apiKey: 'x' } }, 'centrifugo.url'],
    [{ centrifugo: { url: 'http://127.0.0.1:8000/api' } as never }, 'centrifugo.apiKey'],
    [{ centrifugo: { url: 'http://127.0.0.1:8000/api', apiKey: 'two words' } }, 'centrifugo.apiKey'],
    [{ centrifugo: { url: 'http://h', apiKey: 'x', channelPrefix: '' } }, 'centrifugo.channelPrefix'],
    [{ centrifugo: { url: 'http://h', apiKey: 'x', allChannel: '' } }, 'centrifugo.allChannel'],
    [{ centrifugo: { url: 'http://h', apiKey: 'x', timeoutMs: 99 } }, 'centrifugo.timeoutMs'],
    [{ longPollMs: -1 }, 'longPollMs'],
    [{ longPollMs: 60_001 }, 'longPollMs'],
  ])('refuses %j', (options, name) => {
    expect(() => resolveBroadcastOptions(options)).toThrow(`BroadcastModule: option "${name}" must be`);
  });

  it('takes addresses and networks of proxies, and lets all clients together leave what one may', () => {
    const trustedProxies = ['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'];
    expect(resolveBroadcastOptions({ trustedProxies, maxBufferedBytes: 67_108_864 })).toMatchObject({
      trustedProxies,
      maxBufferedBytesTotal: 67_108_864,
    });
  });

  it('completes the options of Redis and Centrifugo', () => {
    const redis = { url: 'rediss://user:p%40ss@redis.internal:6380/2' };
    const centrifugo = { url: 'https://centrifugo.internal/api', apiKey: 'k' };
    expect(resolveBroadcastOptions({ redis, centrifugo })).toMatchObject({
      redis: { ...redis, channel: 'livescore' },
      centrifugo: { ...centrifugo, channelPrefix: 'match:', allChannel: 'live', timeoutMs: 2_000 },
    });
  });

  it('takes origins of pages and of apps, and enhancers as classes and instances', () => {
    class SomeGuard {}
    const guards = [SomeGuard, { canActivate: () => true }];
    const origins = ['https://example.org', 'http://localhost:5173', 'http://[::1]:3000', 'capacitor://localhost'];
    const options = resolveBroadcastOptions({ origins, enhancers: { guards } });
    expect(options.origins).toEqual(origins);
    expect(options.enhancers).toEqual({ guards, pipes: [], interceptors: [], filters: [] });
  });

  it('conflates before it cuts off, where a client may leave little unread', () => {
    expect(resolveBroadcastOptions({ maxBufferedBytes: 1_024 }).conflateBeyondBytes).toBe(1_024);
  });

  it.each<BroadcastOptions>([
    { redis: { url: 'http://user:hidden-one@host' } },
    { redis: { url: 'redis://user:hidden-one#2@host' } },
    { redis: { url: 'redis://127.0.0.1', password: 'hidden-one' } as never },
    { redis: 'redis://user:hidden-one@host' as never },
    { redis: { url: ['hidden-one'] as never } },
    { centrifugo: { url: 'ftp://user:hidden-one@host', apiKey: 'hidden-one ' } },
    { centrifugo: { url: 'http://127.0.0.1', apiKey: ['hidden-one'] as never } },
    { centrifugo: { url: 'http://127.0.0.1', apiKey: 'x', api_key: 'hidden-one' } as never },
    { origins: ['https://user:hidden-one@example.org'] },
  ])('repeats no secret of what it refuses (%#)', (options) => {
    let refusal = '';
    try {
      resolveBroadcastOptions(options);
    } catch (error) {
      refusal = String(error);
    }
    expect(refusal).toContain('must be');
    expect(refusal).not.toContain('hidden-one');
  });
});
