import { describe, expect, it } from '@jest/globals';
import { rolloutBucket } from './rollout-bucket.js';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Like the provider's: 15 lower-case letters and digits. */
function providerIds(count: number, seed: number): readonly string[] {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ALPHABET[Math.floor((state / 2 ** 32) * ALPHABET.length)] as string;
  };
  return Array.from({ length: count }, () => Array.from({ length: 15 }, next).join(''));
}

const bucketsOf = (ids: readonly string[]) => ids.map(rolloutBucket);
const share = (buckets: readonly number[], percent: number) =>
  buckets.filter((bucket) => bucket < percent * 100).length / buckets.length;

describe('the bucket of a match', () => {
  const crowds = [1, 2, 3].map((seed) => bucketsOf(providerIds(10_000, seed)));

  it.each([
    ['', 8923],
    ['ednm9whwln9ryox', 5125],
    ['ednm9whwln9ryoy', 686],
    ['318q66hx6kpmqo9', 8059],
    ['m1', 5777],
    ['Beşiktaş–Çaykur ⚽', 4164],
  ])('of "%s" is %i, on every machine and for ever', (matchId, bucket) => {
    expect(rolloutBucket(matchId)).toBe(bucket);
  });

  it.each([1, 10, 25, 50, 90])('%i %% of 10,000 provider ids fall below that share, within 2 %% of all', (percent) => {
    for (const buckets of crowds) expect(Math.abs(share(buckets, percent) - percent / 100)).toBeLessThan(0.02);
  });

  it('spreads ids that differ in their last places only', () => {
    const ids = Array.from({ length: 10_000 }, (_, n) => `match${n}`);
    expect(Math.abs(share(bucketsOf(ids), 10) - 0.1)).toBeLessThan(0.02);
    const tenths = new Set(ids.slice(0, 100).map((id) => Math.floor(rolloutBucket(id) / 1_000)));
    expect(tenths.size).toBe(10);
  });

  it('is a whole number from 0 to 9,999', () => {
    const isBucket = (bucket: number) => Number.isInteger(bucket) && bucket >= 0 && bucket < 10_000;
    expect(crowds.flat().filter((bucket) => !isBucket(bucket))).toEqual([]);
  });
});
