import { describe, expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { GatheredCatchUps } from './gathered-catch-ups.js';

function setUp(isAnswered = true) {
  const time = new VirtualTime();
  const looks: { atMs: number; matchId: string }[] = [];
  const catchUp = async (matchId: string) => {
    looks.push({ atMs: time.nowMs, matchId });
    return isAnswered;
  };
  return { time, looks, catchUps: new GatheredCatchUps({ catchUp }, new VirtualScheduler(time)) };
}

describe('clients that are ahead', () => {
  it('are answered by one look at each match, ten times a second at most', async () => {
    const { time, looks, catchUps } = setUp();
    const answers: Promise<boolean>[] = [];
    for (let n = 0; n < 100; n++) {
      answers.push(catchUps.look('m1'), catchUps.look(`m${n % 3}`));
      await time.advance(10);
    }
    await time.advance(100);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([true]));
    expect(new Set(looks.map(({ atMs }) => atMs)).size).toBeLessThanOrEqual(10);
    expect(looks.length).toBeLessThanOrEqual(30);
  });

  it('are told when nobody could be asked, also beyond 500 matches and at the end', async () => {
    const { time, looks, catchUps } = setUp(false);
    const first = catchUps.look('m0');
    for (let n = 1; n < 500; n++) void catchUps.look(`m${n}`);
    expect(await catchUps.look('one more')).toBe(false);
    await time.advance(100);
    expect([await first, looks.length]).toEqual([false, 500]);
    const last = catchUps.look('m1');
    catchUps.close();
    expect([await last, time.waiting, looks.length]).toEqual([false, 0, 500]);
  });
});
