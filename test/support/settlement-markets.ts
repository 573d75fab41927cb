import type { MarketDescription } from './settlement-oracle.js';

/** A market, and the ways in which its text may be spelled. */
export interface SpelledMarket extends MarketDescription {
  readonly texts: readonly string[];
}

const LINES = ['0.5', '1', '1.5', '2', '2.5', '3', '3.5', '4', '4.5'];
const PERIODS = [
  { period: 'half', words: ['IY', 'HT', 'iy', 'ıy', 'İY'] },
  { period: 'match', words: ['MS', 'FT', 'ms'] },
] as const;
const SIDES = [
  { asks: 'over', words: ['ÜST', 'OVER', 'üst', 'U\u0308ST'] },
  { asks: 'under', words: ['ALT', 'UNDER', 'alt'] },
] as const;
const OTHERS = [
  { asks: 'both-score', words: ['KG VAR', 'BTTS YES', 'kg var'] },
  { asks: 'not-both-score', words: ['KG YOK', 'BTTS NO', 'Btts No'] },
  { asks: 'home', words: ['1', 'HOME'] },
  { asks: 'draw', words: ['X', '0', 'DRAW', 'x'] },
  { asks: 'away', words: ['2', 'AWAY'] },
] as const;

/** Every market: both periods, over and under each line, both score or not, and the three results. */
export const SETTLEMENT_MARKETS: readonly SpelledMarket[] = PERIODS.flatMap(({ period, words }) => [
  ...SIDES.flatMap((side) =>
    LINES.map((line) => ({
      period,
      asks: side.asks,
      line: Number(line),
      texts: words.flatMap((word) => side.words.flatMap((said) => spellings(word, line, said))),
    })),
  ),
  ...OTHERS.map(({ asks, words: said }) => ({
    period,
    asks,
    line: 0,
    texts: [
      ...words.flatMap((word) => said.map((text) => `${word} ${text}`)),
      ...(period === 'match' && asks.endsWith('both-score') ? said : []),
    ],
  })),
]);

function spellings(period: string, line: string, side: string): string[] {
  const longer = line.includes('.') ? `${line}0` : `${line}.0`;
  return [`${period} ${line} ${side}`, `${period} ${side} ${line}`, ` ${period}  ${longer.replace('.', ',')} ${side} `];
}
