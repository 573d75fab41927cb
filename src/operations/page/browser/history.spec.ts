import { describe, expect, it } from '@jest/globals';
import { sampleFacts } from '../../../../test/operations/browser/sample-facts.js';
import { NOW_MS } from '../../../../test/operations/browser/sample-stored.js';
import type { FactsSince } from '../../facts.js';
import { merged } from './history.js';

/** One point and one goal after the sample. */
function news(): FactsSince {
  const facts = sampleFacts();
  const { series, goals } = facts;
  const point = Object.entries(series).map(([name, column]) => [name, Array.isArray(column) ? [7] : column]);
  const [goal] = goals;
  return {
    ...facts,
    isWhole: false,
    series: { ...(Object.fromEntries(point) as typeof series), atMs: [NOW_MS + 5_000] },
    goals: goal ? [{ ...goal, atMs: NOW_MS + 1_000 }] : [],
    feedHistory: [],
    stored: {},
  };
}

describe('the histories of the page', () => {
  it('grow by what is new, and forget what is older than an hour', () => {
    const before = sampleFacts();
    const { series, goals, feedHistory } = merged(before, news());
    expect(series.atMs).toHaveLength(720);
    expect(series.atMs.slice(-2)).toEqual([NOW_MS, NOW_MS + 5_000]);
    expect(series.atMs[0]).toBe(before.series.atMs[1]);
    expect(series.p95Ms.at(-1)).toBe(7);
    expect(series.everyS).toBe(5);
    expect(goals).toHaveLength(before.goals.length + 1);
    expect(feedHistory).toEqual(before.feedHistory);
  });

  it('keep the sections that were not read since', () => {
    const before = sampleFacts();
    const live = { ...before.stored.live, error: 'late' };
    expect(merged(before, { ...news(), stored: { live } }).stored).toEqual({ ...before.stored, live });
  });

  it('begin anew with whole ones', () => {
    const whole = { ...sampleFacts(), goals: [] };
    expect(merged(sampleFacts(), whole)).toBe(whole);
  });
});
