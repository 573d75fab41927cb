import type { Goals, Market, MarketWords } from '../market.js';

type Side = 'over' | 'under';

const SIDES: Readonly<Record<string, Side>> = { ÜST: 'over', OVER: 'over', ALT: 'under', UNDER: 'under' };
const LINE = /^(\d{1,2})(?:[.,](\d)0?)?$/;

/** `2.5 ÜST`, `OVER 2.5`, or the side alone, with the threshold of the row as its line. */
export function readOverUnder({ period, words, threshold }: MarketWords): Market | null {
  const [first = '', second] = words;
  if (words.length > 2) return null;
  if (second === undefined) return overUnder(period, SIDES[first], threshold);
  return SIDES[second]
    ? overUnder(period, SIDES[second], readLine(first))
    : overUnder(period, SIDES[first], readLine(second));
}

/** A line in halves of a goal; null for quarters, and for what is no line. */
export function readLine(text: string): number | null {
  const [, whole, tenths = '0'] = LINE.exec(text) ?? [];
  if (whole === undefined || (tenths !== '0' && tenths !== '5')) return null;
  return Number(whole) + Number(tenths) / 10;
}

function overUnder(period: Market['period'], side: Side | undefined, line: number | null): Market | null {
  if (!side || line === null) return null;
  const [above, below] = side === 'over' ? (['won', 'lost'] as const) : (['lost', 'won'] as const);
  return {
    key: `${period} ${side} ${line}`,
    rule: 'over-under',
    ruleVersion: 1,
    period,
    inPlay: (goals) => (total(goals) > line ? above : null),
    atEnd: (goals) => {
      if (total(goals) === line) return 'void';
      return total(goals) > line ? above : below;
    },
  };
}

function total({ home, away }: Goals): number {
  return home + away;
}
