import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecentWalk } from './recent-walk.js';

const FROM_S = 1_000;

/** Reads a list of that many matches, two a page; before each request some of them change. */
function readAll(size: number, changes: readonly (readonly number[])[], newestFirst: boolean) {
  const changedAtS = new Map(Array.from({ length: size }, (_, n) => [n, FROM_S + n]));
  const walk = new RecentWalk(FROM_S);
  const met = new Map<number, number>();
  let nowS = FROM_S + size;
  for (let request = 0; walk.page !== null && request < 200; request++) {
    nowS += 1;
    for (const match of changes[request] ?? []) if (match < size) changedAtS.set(match, nowS);
    walk.asked(nowS - 1);
    const ordered = [...changedAtS].sort((a, b) => (newestFirst ? b[1] - a[1] : a[1] - b[1]));
    const page = ordered.slice((walk.page - 1) * 2, walk.page * 2);
    for (const [match, atS] of page) met.set(match, atS);
    if (page.length === 0) walk.ended();
    else walk.took(Math.max(...page.map(([, atS]) => atS)));
  }
  return { walk, met, changedAtS };
}

describe('the way through the recent list', () => {
  const pagesOf = (walk: RecentWalk, pages: number): (number | null)[] => {
    const asked: (number | null)[] = [];
    while (walk.page !== null) {
      asked.push(walk.page);
      if (walk.page > pages) walk.ended();
      else walk.took(FROM_S + 5);
    }
    return asked;
  };

  it.each<[number, readonly number[]]>([
    [0, [1]],
    [1, [1, 2]],
    [2, [1, 2, 3, 2, 1]],
    [3, [1, 2, 3, 4, 3, 2, 1]],
  ])('of %d pages', (pages, asked) => {
    expect(pagesOf(new RecentWalk(FROM_S), pages)).toEqual(asked);
  });

  it('goes on from the newest change, never from after its own beginning, and never back', () => {
    const walk = new RecentWalk(FROM_S);
    expect(walk.watermark).toBe(FROM_S);
    walk.asked(FROM_S + 100);
    walk.took(FROM_S + 50);
    expect(walk.watermark).toBe(FROM_S + 50);
    walk.asked(FROM_S + 200);
    walk.took(FROM_S + 150);
    expect(walk.watermark).toBe(FROM_S + 100);
    const early = new RecentWalk(FROM_S);
    early.asked(FROM_S - 10);
    early.took(FROM_S - 20);
    expect(early.watermark).toBe(FROM_S);
  });

  it('meets every change before its watermark, however matches move between the pages', () => {
    const changes = fc.array(fc.array(fc.nat(11), { maxLength: 2 }), { maxLength: 16 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), changes, fc.boolean(), (size, moved, newestFirst) => {
        const { walk, met, changedAtS } = readAll(size, moved, newestFirst);
        expect(walk.page).toBeNull();
        for (const [match, atS] of changedAtS) if (atS < walk.watermark) expect(met.get(match)).toBe(atS);
      }),
    );
  });
});
