import { describe, expect, it } from '@jest/globals';
import { slots, KICKOFF_S as T } from '../../test/support/history.js';
import { VirtualMatch } from '../../test/support/virtual-match.js';
import { emptyMatch } from './empty-match.js';
import { asked } from './hear.js';
import { NOTHING_HEARD } from './heard.js';
import { whenToAsk } from './when-to-ask.js';

const end = { status: 8 as const, home: slots(2), away: slots(1) };
const refused = { ...end, status: 4 as const };

/** Ended by a push at T; the provider answers `said`. */
function ended(said: VirtualMatch['provider']): VirtualMatch {
  const match = new VirtualMatch(T);
  match.push(end);
  match.provider = said;
  return match;
}

const ask = ({ heard, state, nowS }: VirtualMatch) =>
  whenToAsk(heard, state, { nowMs: nowS * 1000, restLagMs: 30_000 });
const since = (atS: number, match: VirtualMatch) => match.askedAtS.map((s) => s - atS);

describe('when the provider is asked (R8)', () => {
  it('not at all while nothing is refused', () => {
    expect(whenToAsk(NOTHING_HEARD, emptyMatch('m'), { nowMs: 0, restLagMs: 30_000 })).toBeNull();
    expect(asked(NOTHING_HEARD, 5)).toBe(NOTHING_HEARD);
    expect(ask(ended(undefined))).toBeNull();
  });

  it('as soon as an answer could be believed, and again when it answers the refused push', () => {
    const match = ended(() => end);
    match.nowS += 10;
    match.push(refused);
    expect(ask(match)).toEqual({ dueMs: (T + 30) * 1000, notBeforeMs: (T + 30) * 1000 });
    match.wait(600);
    expect(since(T, match)).toEqual([30, 40]);
    expect(match.heard).toMatchObject({ question: null, run: [], refusals: null });
  });

  it('at once when nothing was accepted for long, or ever', () => {
    const match = ended(() => end);
    match.nowS += 3_600;
    match.push(refused);
    match.wait(600);
    expect(since(T + 3_600, match)).toEqual([0, 30]);
    const never = new VirtualMatch(T);
    never.state = { ...never.state, status: 8, statusSinceS: T - 9_999 };
    never.push(refused);
    expect(ask(never)).toEqual({ dueMs: T * 1000, notBeforeMs: T * 1000 });
  });

  it('goes on at doubling distances while nothing answers', () => {
    const match = ended(() => null);
    match.nowS += 3_600;
    match.push(refused);
    match.wait(4_000);
    expect(since(T + 3_600, match)).toEqual([0, 30, 60, 120, 240, 480, 960, 1_920, 2_880, 3_840]);
  });

  it('goes on while answers are refused as too early or behind', () => {
    // R7: an undated answer that lets a count fall needs three times as long
    const match = ended(() => ({ ...end, home: slots(0) }));
    match.push({ ...end, home: slots(1) });
    match.wait(300);
    expect(since(T, match)).toEqual([30, 60, 90]);
    expect(match.score).toBe('0-1');
  });

  it('a feed that goes on being refused does not put it off for ever', () => {
    const match = ended(() => null);
    match.nowS += 3_600;
    for (let n = 0; n < 60; n++) {
      match.push(refused);
      match.wait(10);
    }
    expect(since(T + 3_600, match)).toEqual([0, 30, 60, 120, 240, 480]);
  });

  it('a clock that was set back puts nothing off', () => {
    const match = ended(() => null);
    match.nowS += 3_600;
    match.push(refused);
    match.wait(1);
    match.nowS -= 3_600;
    expect(ask(match)?.dueMs).toBeLessThanOrEqual((match.nowS + 30) * 1000);
  });
});
