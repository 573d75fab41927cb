import { describe, expect, it } from '@jest/globals';
import { analyse } from './analysis.js';
import { type RolloutSlice, type RolloutWindow, windowOf } from './rollout-slice.js';
import { DEFAULT_LIMITS } from './rollout-watch.options.js';

const WELL: RolloutWindow = {
  stage: 'canary',
  coveredMs: 60_000,
  writes: 100,
  failedWrites: 0,
  p50Ms: 5,
  p95Ms: 20,
  compared: 100,
  different: 0,
  feedLagMs: 0,
  stuckMatches: 0,
  poolUse: 0.2,
  shared: null,
};

describe('analyse', () => {
  const verdictOf = (changes: Partial<RolloutWindow>) => {
    const { verdict, measure } = analyse({ ...WELL, ...changes }, DEFAULT_LIMITS);
    return measure === null ? verdict : `${verdict}: ${measure}`;
  };

  it.each<[string, Partial<RolloutWindow>]>([
    ['healthy', {}],
    ['healthy', { failedWrites: 5 }],
    ['warn: errors', { failedWrites: 6 }],
    ['warn: errors', { failedWrites: 10 }],
    ['warn: errors', { failedWrites: 11 }],
    ['roll-back: errors', { failedWrites: 12 }],
    ['warn: errors', { writes: 1_000, failedWrites: 100 }],
    ['roll-back: errors', { writes: 1_000, failedWrites: 101 }],
    ['warn: errors', { writes: 50, failedWrites: 6 }],
    ['roll-back: errors', { writes: 50, failedWrites: 50, p50Ms: null, p95Ms: null }],
    ['inconclusive', { writes: 49, failedWrites: 49 }],
    ['healthy', { p95Ms: 100 }],
    ['roll-back: latency', { p95Ms: 101 }],
    ['inconclusive', { p95Ms: 900, writes: 49 }],
    ['healthy', { different: 2, compared: 20 }],
    ['roll-back: consistency', { different: 3, compared: 20 }],
    ['healthy', { different: 10, compared: 1_000 }],
    ['healthy', { different: 11, compared: 1_000 }],
    ['roll-back: consistency', { different: 15, compared: 1_000 }],
    ['healthy', { different: 3, compared: 200 }],
    ['healthy', { different: 19, compared: 19 }],
    ['warn: consistency', { stage: 'shadow', different: 3, compared: 20 }],
    ['healthy', { feedLagMs: 5_000 }],
    ['roll-back: feed-lag', { feedLagMs: 5_001 }],
    ['warn: stuck-matches', { stuckMatches: 1 }],
    ['roll-back: stuck-matches', { stuckMatches: 3 }],
    ['healthy', { poolUse: 0.5 }],
    ['warn: pool', { poolUse: 0.51 }],
    ['inconclusive', { writes: 0, p50Ms: null, p95Ms: null }],
    ['healthy', { stage: 'shadow', writes: 0 }],
    ['inconclusive', { stage: 'shadow', compared: 19 }],
    ['inconclusive', { shared: 'the database cannot be asked', failedWrites: 100, p95Ms: 9_000, feedLagMs: 60_000 }],
  ])('%s', (expected, changes) => {
    expect(verdictOf(changes)).toBe(expected);
  });

  it('lets the worst finding decide, and names them all', () => {
    const { verdict, measure, reason } = analyse({ ...WELL, poolUse: 0.9, p95Ms: 250.4 }, DEFAULT_LIMITS);
    expect([verdict, measure]).toEqual(['roll-back', 'latency']);
    expect(reason).toBe(
      'p95 from receipt to commit is 250 ms, more than 100 ms; 90.0 % of the connections are in use on average',
    );
  });

  it('tells its numbers', () => {
    const { numbers } = analyse({ ...WELL, failedWrites: 1, different: 1 }, DEFAULT_LIMITS);
    expect(numbers).toMatchObject({ windowS: 60, writes: 100, errorShare: 0.01, p95Ms: 20, differentShare: 0.01 });
    expect(analyse({ ...WELL, writes: 0, compared: 0 }, DEFAULT_LIMITS).numbers).toMatchObject({
      errorShare: null,
      differentShare: null,
    });
  });
});

describe('windowOf', () => {
  const slice = (changes: Partial<RolloutSlice> = {}): RolloutSlice => ({
    durationMs: 10_000,
    commits: 10,
    failed: 0,
    latenciesMs: [10],
    direct: { compared: 10, different: 1 },
    shadow: { compared: 5, different: 0 },
    feedLagMs: 0,
    stuckMatches: 0,
    poolUse: 0.5,
    shared: null,
    ...changes,
  });
  const slices = (count: number, changes: Partial<RolloutSlice> = {}) =>
    Array.from({ length: count }, () => slice(changes));

  it('sums the newest six slices up', () => {
    const window = windowOf([slice({ commits: 999 }), ...slices(6, { failed: 2 })], 'canary', DEFAULT_LIMITS);
    expect(window).toMatchObject({ coveredMs: 60_000, writes: 72, failedWrites: 12, compared: 60, different: 6 });
  });

  it('takes the rows of the stage', () => {
    expect(windowOf(slices(6), 'shadow', DEFAULT_LIMITS)).toMatchObject({ compared: 30, different: 0 });
  });

  it('reaches back while it has too few samples, over slices with shared trouble', () => {
    const few = { commits: 5 };
    const past = [...slices(5, few), slice({ ...few, shared: 'down' }), ...slices(8, few)];
    expect(windowOf(past, 'canary', DEFAULT_LIMITS)).toMatchObject({ writes: 50, coveredMs: 100_000, shared: null });
    expect(windowOf(slices(400, { commits: 0 }), 'canary', DEFAULT_LIMITS).coveredMs).toBe(30 * 60_000);
  });

  it('knows of shared trouble for a window', () => {
    const past = [slice({ shared: 'down', commits: 500 }), ...slices(5)];
    expect(windowOf(past, 'direct', DEFAULT_LIMITS)).toMatchObject({ shared: 'down', writes: 50 });
    expect(windowOf([...past, slice()], 'direct', DEFAULT_LIMITS).shared).toBeNull();
  });

  it('takes an old update for a lag only when it is seen twice', () => {
    const past = [...slices(5), slice({ feedLagMs: 9_000 })];
    expect(windowOf(past, 'direct', DEFAULT_LIMITS).feedLagMs).toBe(0);
    expect(windowOf([...past, slice({ feedLagMs: 19_000 })], 'direct', DEFAULT_LIMITS).feedLagMs).toBe(9_000);
  });

  it('tells the percentiles of all latencies', () => {
    const past = slices(5, { latenciesMs: Array.from({ length: 19 }, () => 10) });
    const window = windowOf(
      [...past, slice({ latenciesMs: [100, 110, 120, 130, 140, 150] })],
      'direct',
      DEFAULT_LIMITS,
    );
    expect([window.p50Ms, window.p95Ms]).toEqual([10, 100]);
    expect(windowOf([], 'direct', DEFAULT_LIMITS)).toMatchObject({ p50Ms: null, p95Ms: null, writes: 0 });
  });
});
