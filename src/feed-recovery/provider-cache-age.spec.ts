import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { decided } from '../../test/support/decided.js';
import { slots, toUpdate } from '../../test/support/history.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { DecisionMemory } from '../score-writer/decision-memory.js';
import { resolveScoreWriterOptions } from '../score-writer/score-writer.options.js';
import { FakeClock } from '../testing/fake-clock.js';
import { ProviderCacheAge } from './provider-cache-age.js';

const AT_S = 1_768_669_000;

describe('ProviderCacheAge', () => {
  const warnings: unknown[] = [];
  let decisions: DecisionMemory;
  let metrics: LiveScoreMetrics;
  let clock: FakeClock;
  let cacheAge: ProviderCacheAge;

  beforeEach(() => {
    warnings.length = 0;
    const ignore = () => undefined;
    Logger.overrideLogger({ log: ignore, error: ignore, warn: (_text: unknown, data: unknown) => warnings.push(data) });
    decisions = new DecisionMemory();
    metrics = new LiveScoreMetrics();
    clock = new FakeClock();
    cacheAge = new ProviderCacheAge(decisions, clock, metrics, resolveScoreWriterOptions());
    cacheAge.onApplicationBootstrap();
  });
  afterEach(() => {
    cacheAge.onModuleDestroy();
    Logger.overrideLogger(true);
  });

  /** A goal, an answer without it so many seconds later, and one with it. */
  const outdatedByS = (ageS: number, atS = AT_S): void => {
    const goal = { status: 2 as const, home: slots(1) };
    const pulledAfterS = 0.5;
    decisions.record(decided(toUpdate({ atS: atS - 60, status: 2 }), 'applied'));
    decisions.record(decided(toUpdate({ atS, ...goal }), 'applied'));
    decisions.record(decided(toUpdate({ atS: atS + ageS + pulledAfterS, status: 2, pulledAfterS }), 'applied'));
    decisions.record(decided(toUpdate({ atS: atS + 300, ...goal, pulledAfterS }), 'applied'));
  };
  const shownS = async () => (await metrics.providerCacheAge.get()).values[0]?.value;

  it('shows the oldest answer of an hour', async () => {
    outdatedByS(20);
    expect(await shownS()).toBe(20);
    expect(warnings).toEqual([]);
    outdatedByS(12, AT_S + 1_000);
    expect(await shownS()).toBe(20);
    clock.set(clock.nowMs() + 2 * 3_600_000);
    outdatedByS(14, AT_S + 8_000);
    expect(await shownS()).toBe(14);
  });

  it('warns once when an answer is older than the guard allows for', async () => {
    for (const n of [0, 1, 2]) outdatedByS(45 + n, AT_S + 1_000 * n);
    expect(await shownS()).toBe(47);
    expect(warnings).toEqual([{ matchId: expect.any(String), ageMs: 45_000, restLagMs: 30_000, suppressed: 0 }]);
  });

  it('learns nothing more once it is stopped', async () => {
    cacheAge.onModuleDestroy();
    outdatedByS(45);
    expect(await shownS()).toBe(0);
  });
});
