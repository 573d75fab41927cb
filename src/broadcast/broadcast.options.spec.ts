import { describe, expect, it } from '@jest/globals';
import { type BroadcastOptions, resolveBroadcastOptions } from './broadcast.options.js';

describe('resolveBroadcastOptions', () => {
  it('gives the documented defaults', () => {
    expect(resolveBroadcastOptions()).toEqual({
      path: '/ws',
      pingIntervalMs: 15_000,
      maxBufferedBytes: 1_048_576,
      maxClients: 10_000,
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
    [{ maxMessageBytes: 63 }, 'maxMessageBytes'],
    [{ closeTimeoutMs: -1 }, 'closeTimeoutMs'],
  ])('refuses %j', (options, name) => {
    expect(() => resolveBroadcastOptions(options)).toThrow(`BroadcastModule: option "${name}" must be`);
  });
});
