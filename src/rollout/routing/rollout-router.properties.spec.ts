import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { settingOf } from '../../../test/contracts/rollout-store.contract.js';
import { RouterUnderTest } from '../../../test/rollout/router-under-test.js';
import { SeededRandom } from '../../../test/support/seeded-random.js';
import type { RolloutSetting } from '../ports/rollout-store.js';

const MATCHES = ['a1', 'b2', 'c3', 'd4', 'e5', 'f6'];

type Action =
  | { readonly do: 'submit'; readonly matches: readonly string[]; readonly kept: boolean }
  | { readonly do: 'set' | 'set-elsewhere'; readonly setting: Partial<RolloutSetting> }
  | { readonly do: 'pin'; readonly match: string; readonly route: 'legacy' | 'direct' | null }
  | { readonly do: 'wait'; readonly ms: number };

const setting: fc.Arbitrary<Partial<RolloutSetting>> = fc.record({
  stage: fc.constantFrom('legacy', 'shadow', 'canary', 'direct'),
  percent: fc.constantFrom(0, 30, 60, 100),
  denyMatches: fc.subarray(['a1', 'b2'], { maxLength: 1 }),
});
const submit: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('submit' as const),
  matches: fc.subarray(MATCHES, { minLength: 1 }),
  kept: fc.boolean(),
});
const action: fc.Arbitrary<Action> = fc.oneof(
  { arbitrary: submit, weight: 12 },
  { arbitrary: fc.record({ do: fc.constantFrom('set', 'set-elsewhere'), setting }), weight: 3 },
  {
    arbitrary: fc.record({
      do: fc.constant('pin' as const),
      match: fc.constantFrom(...MATCHES),
      route: fc.constantFrom('legacy', 'direct', null),
    }),
    weight: 1,
  },
  { arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 150 }) }), weight: 6 },
);

async function perform(under: RouterUnderTest, step: Action): Promise<void> {
  switch (step.do) {
    case 'submit':
      under.submit(step.matches, { awaitsCommit: step.kept });
      return;
    case 'set':
      await under.set(step.setting);
      return;
    case 'set-elsewhere':
      await under.store.append(settingOf(step.setting), 'b', 'c', (await under.store.history(1))[0]?.id ?? null);
      return;
    case 'pin':
      await under.store.pin(step.match, step.route);
      return;
    case 'wait':
      await under.time.advance(step.ms);
  }
}

const isRising = (numbers: readonly number[]) => numbers.every((number, n) => number > (numbers[n - 1] ?? 0));

describe('whatever is set while updates stream in', () => {
  beforeEach(() => {
    for (const level of ['log', 'warn'] as const) jest.spyOn(Logger.prototype, level).mockImplementation(() => {});
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('each update goes down one path, once and in order, and both paths together write in order', async () => {
    const run = async (steps: readonly Action[], seed: number) => {
      const random = new SeededRandom(seed);
      const upTo = (ms: number) => () => random.below(ms);
      const under = await RouterUnderTest.on({ pollMs: 100, commitMs: upTo(300), legacyWriteMs: upTo(40) });
      for (const step of steps) {
        await perform(under, step);
        expect(under.accounting.balance().unaccounted).toBe(0);
      }
      await under.time.advance(5_000);
      for (const matchId of MATCHES) {
        const sent = [...under.told.keys()].filter((update) => update.matchId === matchId);
        expect(under.log.numbersOf('got', matchId)).toEqual(sent.map(({ receivedAtMs }) => receivedAtMs));
        const written = under.log.numbersOf('written', matchId);
        expect(isRising(written)).toBe(true);
        expect(written.at(-1)).toBe(sent.at(-1)?.receivedAtMs);
      }
      expect([...under.told.values()].every(({ length }) => length === 1)).toBe(true);
      expect(under.accounting.balance()).toMatchObject({ inFlight: 0, unaccounted: 0, received: under.told.size });
      under.state.onModuleDestroy();
    };
    await fc.assert(fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 80 }), fc.nat(), run), {
      numRuns: 60,
    });
  });
});
