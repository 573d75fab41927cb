import type { Goals, Market, MarketWords } from '../market.js';

type Outcome = 'home' | 'draw' | 'away';

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  '1': 'home',
  HOME: 'home',
  X: 'draw',
  '0': 'draw',
  DRAW: 'draw',
  '2': 'away',
  AWAY: 'away',
};

/** `1`, `X` (also `0`), `2`: decided at the end of the period only. */
export function readResult({ period, words }: MarketWords): Market | null {
  const [word = ''] = words;
  const wanted = OUTCOMES[word];
  if (!wanted || words.length !== 1) return null;
  return {
    key: `${period} result ${wanted}`,
    rule: 'result',
    ruleVersion: 1,
    period,
    inPlay: () => null,
    atEnd: (goals) => (outcomeOf(goals) === wanted ? 'won' : 'lost'),
  };
}

function outcomeOf({ home, away }: Goals): Outcome {
  if (home === away) return 'draw';
  return home > away ? 'home' : 'away';
}
