import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { MatchLookups } from '../../src/contracts/match-lookups.js';
import { type Receipt, UpdateSink } from '../../src/contracts/update-sink.js';
import type { MatchUpdate } from '../../src/domain/match-update.js';
import { Accounting } from '../../src/kernel/accounting.js';
import { ProviderModule } from '../../src/provider/provider.module.js';
import { ProviderStatus } from '../../src/provider/provider-status.service.js';
import { type ProviderStandIn, providerErrorBodies, startProviderStandIn } from '../../src/testing/index.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

class Collector extends UpdateSink {
  readonly updates: MatchUpdate[] = [];
  receipt: Receipt | undefined;

  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    this.updates.push(...updates);
    this.receipt = receipt;
  }
}

@Global()
@Module({ providers: [{ provide: UpdateSink, useClass: Collector }], exports: [UpdateSink] })
class CollectorModule {}

const ZERO = [0, 0, 0, 0, 0, 0, 0];

describe('lookups of matches over HTTP', () => {
  let provider: ProviderStandIn;
  let module: TestingModule;
  let lookups: MatchLookups;
  let sink: Collector;

  beforeEach(async () => {
    provider = await startProviderStandIn();
    const { url: baseUrl, user, secret } = provider;
    module = await Test.createTestingModule({
      imports: [ProviderModule.forRoot({ baseUrl, user, secret }), CollectorModule],
    }).compile();
    module.useLogger(false);
    await module.init();
    lookups = module.get(MatchLookups);
    sink = module.get(UpdateSink);
  });
  afterEach(async () => {
    await module.close();
    await provider.close();
  });

  it('bring the one match out of 318 others to the sink, as received and without waiting for a commit', async () => {
    provider.behave({ unrelatedMatches: 318 });
    provider.put({ id: 'a', score: ['a', 4, [2, 1, 0, 0, 3, 0, 0], ZERO, 1_766_242_949, ''] });
    lookups.request('a', Date.now());
    await eventually(() => sink.updates.length > 0, { what: 'the answer' });
    expect(sink.updates).toMatchObject([{ matchId: 'a', source: 'api', delivery: 'pull', score: { status: 4 } }]);
    expect(sink.receipt?.awaitsCommit).toBe(false);
    expect(module.get(Accounting).balance()).toMatchObject({ received: 1, unaccounted: 1 });
    expect(provider.requests).toBe(1);
  });

  it('take an error body for no answer: nothing reaches the sink', async () => {
    provider.behave({ body: providerErrorBodies.address });
    lookups.request('a', Date.now());
    await eventually(() => module.get(ProviderStatus).addressRefused, { what: 'the refusal' });
    expect(sink.updates).toEqual([]);
  });
});
