import { describe, expect, it } from '@jest/globals';
import { History, type Report, slots, KICKOFF_S as T } from '../../test/support/history.js';

const SECOND = T + 62 * 60;
const firstHalf: Report = { atS: T + 60, status: 2, home: slots(1), kickoffS: T };

function inSecondHalf(): History {
  const match = new History();
  match.tell({ atS: SECOND + 60, status: 4, home: slots(2), kickoffS: SECOND });
  return match;
}

describe('a report that is refused because it is old', () => {
  it.each([
    ['a letter that waited', { ...firstHalf, waited: true }],
    ['a frame of an earlier period', { ...firstHalf, atS: SECOND + 70 }],
  ])('leaves the kick-off that the match has none of, and nothing else: %s', (_, late) => {
    const match = inSecondHalf();
    const { home, status } = match.state;
    expect(match.tell(late)).toBe('applied/late-kickoff');
    expect(match.state).toMatchObject({ home, status, kickoffs: { firstHalfS: T, secondHalfS: SECOND } });
    expect(match.tell(late)).toMatch(/^stale/);
  });

  it('leaves none that is known, none out of order, and none after the provider or the same period', () => {
    const known = inSecondHalf();
    known.tell({ ...firstHalf, waited: true });
    expect(known.tell({ ...firstHalf, kickoffS: T + 300, waited: true })).toMatch(/^stale/);
    expect(inSecondHalf().tell({ ...firstHalf, kickoffS: SECOND + 30, waited: true })).toMatch(/^stale/);
    expect(inSecondHalf().tell({ ...firstHalf, source: 'api', waited: true })).toMatch(/^stale/);
  });

  it('leaves none in a match that has not begun: it may be of before the match began again', () => {
    const match = new History();
    match.tell({ atS: T + 100, status: 1, home: slots(0, { corners: 1 }) });
    expect(match.tell({ ...firstHalf, waited: true })).toBe('stale/overtaken');
    expect(match.state.kickoffs.firstHalfS).toBeNull();
  });

  it('leaves it after the end, too', () => {
    const match = inSecondHalf();
    match.tell({ atS: SECOND + 50 * 60, status: 8, home: slots(2) });
    expect(match.tell({ ...firstHalf, atS: SECOND + 51 * 60 })).toBe('applied/late-kickoff');
    expect(match.state.status).toBe(8);
  });
});
