import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { answer, type SettlementCase } from '../support/settlement-cases.js';

const MOST_BYTES = 1_000_000;

describe('the published sample of settled predictions', () => {
  const text = readFileSync('docs/settlement-cases.jsonl', 'utf8');
  const cases = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as SettlementCase);

  it('says in every line what the package says', () => {
    const wrong = cases.map((one) => ({ published: one, now: answer(one) }));
    const different = wrong.filter(({ published, now }) => JSON.stringify(published) !== JSON.stringify(now));
    expect(different.slice(0, 3)).toEqual([]);
    expect(different).toHaveLength(0);
  });

  it('has every verdict, and every reason often enough', () => {
    expect([...new Set(cases.map(({ verdict }) => verdict))].sort()).toEqual([
      'awaiting',
      'lost',
      'open',
      'void',
      'won',
    ]);
    const reasons = new Map<string, number>();
    for (const { reason } of cases) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    expect(Math.min(...reasons.values())).toBeGreaterThanOrEqual(10);
    expect(reasons.size).toBeGreaterThanOrEqual(20);
  });

  it('is small enough to be read', () => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES);
  });
});
