import type { Market, MarketPeriod, MarketWords } from './market.js';
import { readBothScore } from './markets/both-score.js';
import { readLine, readOverUnder } from './markets/over-under.js';
import { readResult } from './markets/result.js';

/** Every market that is known: a new one is a file of its own, and stands here. */
const READERS: readonly ((words: MarketWords) => Market | null)[] = [readOverUnder, readBothScore, readResult];

const PERIODS: Readonly<Record<string, MarketPeriod>> = { IY: 'half', HT: 'half', MS: 'match', FT: 'match' };
/** What speaks of the whole match when it says no period. */
const WITHOUT_PERIOD = new Set(['KG', 'BTTS']);

const LONGEST_TEXT = 100;
/** Other letters are refused before case is folded: the long s would become an S, and its text another market. */
const KNOWN_LETTERS = /^(?:[A-Za-zÜüİı\d.,\s]|i\u0307)+$/u;
/** The Turkish i, dotted or not, in either case, and what lower-casing leaves of the dotted capital. */
const ANY_I = /i\u0307|[iıİI]/gu;

/**
 * Reads the text of a prediction, exactly: every word of it must be known.
 * @param threshold the line, where the text has none; as the driver returns a numeric column
 * @returns null for a text that is not known
 */
export function readMarket(text: string, threshold: string | number | null): Market | null {
  const normal = text.length > LONGEST_TEXT ? '' : text.normalize('NFC').trim();
  if (!KNOWN_LETTERS.test(normal)) return null;
  const all = normal.replace(ANY_I, 'I').toUpperCase().split(/\s+/);
  const [first, ...others] = all as [string, ...string[]];
  const period = PERIODS[first];
  if (!period && !WITHOUT_PERIOD.has(first)) return null;
  const words: MarketWords = {
    period: period ?? 'match',
    words: period ? others : [first, ...others],
    threshold: threshold === null ? null : readLine(String(threshold)),
  };
  for (const read of READERS) {
    const market = read(words);
    if (market) return market;
  }
  return null;
}
