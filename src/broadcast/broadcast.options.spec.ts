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
      maxMessageBytes: 4_096,
      closeTimeoutMs: 2_000,
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
});
