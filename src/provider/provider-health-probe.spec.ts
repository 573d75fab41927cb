import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../testing/index.js';
import { ProviderError, type ProviderFailure } from './provider.errors.js';
import { resolveProviderOptions } from './provider.options.js';
import { ProviderBreakers } from './provider-breakers.js';
import { ProviderHealthProbe } from './provider-health-probe.js';
import { ProviderStatus } from './provider-status.service.js';

const AT_MS = 1_766_242_949_000;

function probed(failure: ProviderFailure, text: string) {
  const clock = new FakeClock(AT_MS);
  const options = resolveProviderOptions({ user: 'u', secret: 's' });
  const status = new ProviderStatus(clock, new ProviderBreakers(clock, options), options);
  status.noteFailure('/live', new ProviderError(failure, text, { endpoint: '/live' }));
  return new ProviderHealthProbe(status).health();
}

describe('the provider in the health document', () => {
  it.each([
    ['address', 'the provider does not know our address: its support must add it'],
    ['refused', 'the provider says no: see the log'],
    ['timeout', 'no complete answer in time'],
    ['malformed', 'an answer that cannot be read'],
  ] as const)('tells in our words why it gave no answer: %s', (failure, text) => {
    expect(probed(failure, 'The provider says: hidden')).toMatchObject({
      provider: {
        last_error: {
          code: `LIVESCORE_PROVIDER_${failure.toUpperCase()}`,
          text,
          at: new Date(AT_MS).toISOString(),
        },
      },
    });
  });

  it('repeats nothing of what the provider says', () => {
    expect(JSON.stringify(probed('refused', 'The provider says: hunter2 of db.goalgpt.tr'))).not.toMatch(
      /hunter2|goalgpt/,
    );
  });
});
