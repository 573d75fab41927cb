import { asObject, asPair, type JsonObject } from './json-value.js';
import type { Pair } from './tournament.js';

/** What a match of the file says about its score; every part may be missing. */
export interface StatedScore {
  readonly halfTime: Pair | null;
  readonly fullTime: Pair | null;
  readonly afterExtraTime: Pair | null;
  readonly shootout: Pair | null;
}

/**
 * Reads `score: { ht, ft, et, p }`, `score: [2, 1]`, `score: "2-1"` and the flat keys of older files
 * (`score1`, `score1i` for half-time, `score1et`, `score1p`).
 */
export function readStatedScore(match: JsonObject): StatedScore {
  const score = asObject(match.score);
  return {
    halfTime: asPair(score?.ht) ?? flatPair(match, 'i'),
    fullTime: asPair(score?.ft) ?? asPair(match.score) ?? flatPair(match, ''),
    afterExtraTime: asPair(score?.et) ?? flatPair(match, 'et'),
    shootout: asPair(score?.p) ?? flatPair(match, 'p'),
  };
}

function flatPair(match: JsonObject, suffix: string): Pair | null {
  return asPair([match[`score1${suffix}`], match[`score2${suffix}`]]);
}
