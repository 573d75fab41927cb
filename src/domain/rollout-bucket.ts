/** Buckets of `rolloutBucket`: a hundredth of a percent each. */
export const ROLLOUT_BUCKETS = 10_000;

const UTF8 = new TextEncoder();

/**
 * Where a match stands in the order in which a growing share of the matches is moved: the same on every machine and for
 * ever, evenly spread whatever the ids look like. 32-bit FNV-1a of the id's UTF-8 text, finished as MurmurHash3 is,
 * since ids that differ only at the end would stay close to each other.
 * @returns 0–9,999
 */
export function rolloutBucket(matchId: string): number {
  let hash = 0x811c9dc5;
  for (const byte of UTF8.encode(matchId)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % ROLLOUT_BUCKETS;
}
