import { describe, expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import { HeartbeatWheel } from './heartbeat-wheel.js';

function spin(roundMs: number) {
  const time = new VirtualTime();
  const turns: { atMs: number; items: readonly string[] }[] = [];
  const wheel = new HeartbeatWheel<string>(roundMs, (items) => turns.push({ atMs: time.nowMs, items: [...items] }));
  wheel.start(new VirtualScheduler(time));
  return { time, turns, wheel };
}

describe('the heartbeat wheel', () => {
  it('gives everybody one turn per round, spread over it', async () => {
    const { time, turns, wheel } = spin(15_000);
    for (let n = 0; n < 30; n++) wheel.add(`c${n}`);
    await time.advance(15_000);
    expect(turns).toHaveLength(15);
    expect(turns.every(({ items }) => items.length === 2)).toBe(true);
    expect(new Set(turns.flatMap(({ items }) => items)).size).toBe(30);
    await time.advance(15_000);
    expect(turns).toHaveLength(30);
  });

  it('leaves out whoever left, and stands still after the stop', async () => {
    const { time, turns, wheel } = spin(1_000);
    const leave = wheel.add('gone');
    wheel.add('here');
    leave();
    await time.advance(1_000);
    expect(turns.map(({ items }) => items)).toEqual([['here']]);
    wheel.stop();
    await time.advance(60_000);
    expect(turns).toHaveLength(1);
  });

  it('turns as fast as a short round asks for', async () => {
    const { time, turns, wheel } = spin(50);
    wheel.add('a');
    await time.advance(200);
    expect(turns).toHaveLength(4);
  });
});
