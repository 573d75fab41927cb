import type { Market, MarketWords } from '../market.js';

const ANSWERS: Readonly<Record<string, 'yes' | 'no'>> = {
  'KG VAR': 'yes',
  'BTTS YES': 'yes',
  'KG YOK': 'no',
  'BTTS NO': 'no',
};

/** `KG VAR`, `BTTS NO`. */
export function readBothScore({ period, words }: MarketWords): Market | null {
  const answer = ANSWERS[words.join(' ')];
  if (!answer) return null;
  const [both, notBoth] = answer === 'yes' ? (['won', 'lost'] as const) : (['lost', 'won'] as const);
  return {
    key: `${period} both-score ${answer}`,
    rule: 'both-score',
    ruleVersion: 1,
    period,
    inPlay: ({ home, away }) => (home > 0 && away > 0 ? both : null),
    atEnd: ({ home, away }) => (home > 0 && away > 0 ? both : notBoth),
  };
}
