import { describe, expect, it } from '@jest/globals';
import { InvalidOptionError } from '../../kernel/livescore.errors.js';
import { DEFAULT_LIMITS, type RolloutWatchOptions, resolveRolloutWatchOptions } from './rollout-watch.options.js';

describe('resolveRolloutWatchOptions', () => {
  it('has a default for everything', () => {
    expect(resolveRolloutWatchOptions()).toEqual({
      compareMs: 1_000,
      settleMs: 2_000,
      patienceMs: 600_000,
      windowMs: 60_000,
      rollbackTo: 'legacy',
      limits: DEFAULT_LIMITS,
    });
  });

  it('takes single limits', () => {
    const { limits } = resolveRolloutWatchOptions({ rollbackTo: 'shadow', limits: { maxP95Ms: 250 } });
    expect(limits).toEqual({ ...DEFAULT_LIMITS, maxP95Ms: 250 });
  });

  it.each<[string, object]>([
    ['watch.compareMs', { compareMs: 99 }],
    ['watch.settleMs', { settleMs: -1 }],
    ['watch.patienceMs', { patienceMs: 1.5 }],
    ['watch.windowMs', { windowMs: 599 }],
    ['watch.rollbackTo', { rollbackTo: 'canary' }],
    ['watch.limits.maxErrorShare', { limits: { maxErrorShare: 10 } }],
    ['watch.limits.warnPoolUse', { limits: { warnPoolUse: 50 } }],
    ['watch.limits.maxP95Ms', { limits: { maxP95Ms: '100' } }],
    ['watch.limits.minWrites', { limits: { minWrites: -1 } }],
    ['watch.limits.maxLatency', { limits: { maxLatency: 1 } }],
  ])('refuses a wrong %s', (name, options) => {
    const resolve = () => resolveRolloutWatchOptions(options as RolloutWatchOptions);
    expect(resolve).toThrow(InvalidOptionError);
    expect(resolve).toThrow(name);
  });
});
