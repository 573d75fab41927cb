import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { FrameUnderTest } from '../../test/rollout/frame-under-test.js';
import { RouterUnderTest } from '../../test/rollout/router-under-test.js';
import { SlowLegacyHandler } from '../../test/rollout/slow-legacy-handler.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import type { RolloutSetting } from '../rollout/ports/rollout-store.js';

const MATCHES = ['a1', 'b2', 'c3', 'd4', 'e5', 'f6'];

type Action =
  | { readonly do: 'send'; readonly matches: readonly string[] }
  | { readonly do: 'set'; readonly setting: Partial<RolloutSetting> }
  | { readonly do: 'wait'; readonly ms: number };

const setting: fc.Arbitrary<Partial<RolloutSetting>> = fc.record({
  stage: fc.constantFrom('legacy', 'shadow', 'canary', 'direct'),
  percent: fc.constantFrom(0, 30, 60, 100),
  denyMatches: fc.subarray(['a1', 'b2'], { maxLength: 1 }),
});
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    arbitrary: fc.record({ do: fc.constant('send' as const), matches: fc.subarray(MATCHES, { minLength: 1 }) }),
    weight: 12,
  },
  { arbitrary: fc.record({ do: fc.constant('set' as const), setting }), weight: 3 },
  { arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 40 }) }), weight: 6 },
);

/** The frames of a run, the items of each match numbered from 1. */
class NumberedFrames {
  readonly sent = new Map<string, number>();
  readonly frames: FrameUnderTest[] = [];

  send(under: RouterUnderTest, matches: readonly string[]): void {
    const items = matches.map((id) => {
      const n = (this.sent.get(id) ?? 0) + 1;
      this.sent.set(id, n);
      return { id, n };
    });
    this.frames.push(FrameUnderTest.submit(under, items, matches));
  }
}

async function perform(under: RouterUnderTest, numbered: NumberedFrames, step: Action): Promise<void> {
  if (step.do === 'send') numbered.send(under, step.matches);
  else if (step.do === 'set') await under.set(step.setting);
  else await under.time.advance(step.ms);
}

/** Both paths together, in the order in which they got the items of the match. */
function numbersOf(arrivals: readonly { readonly id: string; readonly n: number }[], matchId: string) {
  return arrivals.filter(({ id }) => id === matchId).map(({ n }) => n);
}

describe("whatever is set while frames go to the host's own handler", () => {
  beforeEach(() => {
    for (const level of ['log', 'warn'] as const) jest.spyOn(Logger.prototype, level).mockImplementation(() => {});
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('each item of a frame goes down one path, once, and those of a match in order', async () => {
    const run = async (steps: readonly Action[], seed: number) => {
      const random = new SeededRandom(seed);
      const arrivals: { id: string; n: number }[] = [];
      const handler = new SlowLegacyHandler();
      handler.got.push = (text) => arrivals.push(...JSON.parse(text));
      const under = await RouterUnderTest.on({ handler, pollMs: 100, commitMs: () => random.below(60) });
      under.log.got.push = ({ matchId, number }) => arrivals.push({ id: matchId, n: number / 1000 });
      const numbered = new NumberedFrames();
      for (const step of steps) await perform(under, numbered, step);
      await under.time.advance(5_000);
      for (const [matchId, last] of numbered.sent) {
        expect(numbersOf(arrivals, matchId)).toEqual(Array.from({ length: last }, (_, n) => n + 1));
      }
      expect(numbered.frames.every(({ acknowledged }) => acknowledged === 1)).toBe(true);
      under.state.onModuleDestroy();
    };
    await fc.assert(fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 60 }), fc.nat(), run), {
      numRuns: 100,
    });
  });
});
