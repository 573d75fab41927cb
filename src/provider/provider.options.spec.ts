import { describe, expect, it } from '@jest/globals';
import { InvalidOptionError } from '../kernel/livescore.errors.js';
import { type ProviderOptions, resolveProviderOptions } from './provider.options.js';

function refusal(options: object): InvalidOptionError {
  try {
    resolveProviderOptions(options as ProviderOptions);
  } catch (error) {
    if (error instanceof InvalidOptionError) return error;
    throw error;
  }
  throw new Error(`accepted ${JSON.stringify(options)}`);
}

describe('resolveProviderOptions', () => {
  it('has the documented defaults, and is disabled without credentials', () => {
    expect(resolveProviderOptions()).toEqual({
      baseUrl: 'https://api.thesports.com/v1/football',
      credentials: null,
      requestsPerSecond: 1,
      burst: 5,
      perMinute: undefined,
      perHour: undefined,
      perEndpoint: {},
      instances: 1,
      timeoutMs: 5_000,
      maxWaitMs: 10_000,
      pauseAfterLimitMs: 60_000,
      breakerFailures: 5,
      breakerOpenMs: 30_000,
      maxBodyBytes: 33_554_432,
    });
  });

  it('takes both credentials, and an address with or without a slash at its end', () => {
    expect(resolveProviderOptions({ baseUrl: 'http://127.0.0.1:80/a/', user: 'u', secret: 's' })).toMatchObject({
      baseUrl: 'http://127.0.0.1/a',
      credentials: { user: 'u', secret: 's' },
    });
  });

  it.each<[option: string, options: object]>([
    ['baseUrl', { baseUrl: 'api.thesports.com' }],
    ['baseUrl', { baseUrl: 'ftp://api' }],
    ['baseUrl', { baseUrl: 5 }],
    ['baseUrl', { baseUrl: 'https://api/?user=u' }],
    ['secret', { user: 'u' }],
    ['user', { secret: 's' }],
    ['user', { user: ' ', secret: 's' }],
    ['secret', { user: 'u', secret: '' }],
    ['requestsPerSecond', { requestsPerSecond: 0 }],
    ['requestsPerSecond', { requestsPerSecond: Number.NaN }],
    ['burst', { burst: 0 }],
    ['perMinute', { perMinute: 0 }],
    ['perHour', { perHour: 1.5 }],
    ['perEndpoint', { perEndpoint: [] }],
    ['perEndpoint', { perEndpoint: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`/e${n}`, {}])) }],
    ['perEndpoint./team/list.perMinute', { perEndpoint: { '/team/list': { perMinute: '1' } } }],
    ['perEndpoint./team/list.perDay', { perEndpoint: { '/team/list': { perDay: 1 } } }],
    ['perEndpoint./team/list?id=1', { perEndpoint: { '/team/list?id=1': { perMinute: 1 } } }],
    ['perEndpoint.__proto__', { perEndpoint: JSON.parse('{"__proto__":{"perMinute":1}}') }],
    ['instances', { instances: 0 }],
    ['timeoutMs', { timeoutMs: 99 }],
    ['maxWaitMs', { maxWaitMs: -1 }],
    ['pauseAfterLimitMs', { pauseAfterLimitMs: 1.5 }],
    ['breakerFailures', { breakerFailures: 0 }],
    ['breakerOpenMs', { breakerOpenMs: '30000' }],
    ['maxBodyBytes', { maxBodyBytes: 1_023 }],
  ])('refuses a bad %s, naming module and option: %j', (option, options) => {
    const error = refusal(options);
    expect(error.message).toContain(`ProviderModule: option "${option}" must be `);
    expect(error.details).toMatchObject({ module: 'ProviderModule', option });
  });

  it.each([
    { baseUrl: 'https://me:hidden-one@api' },
    { baseUrl: 'https://api/v1?secret=hidden-one' },
    { baseUrl: 'hidden-one' },
    { secret: 'hidden-one' },
    { user: 'u', secret: ['hidden-one'] },
  ])('shows no secret in the refusal', (options) => {
    expect(refusal(options).message).not.toContain('hidden-one');
  });
});
