import { describe, expect, it } from '@jest/globals';
import { Drain } from './drain.js';

describe('a drain', () => {
  it('takes one turn at a time until nothing is left, however often it is asked', async () => {
    const left = [1, 2, 3];
    let [atOnce, most] = [0, 0];
    const drain = new Drain(
      () => left.length > 0,
      async () => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await Promise.resolve();
        left.shift();
        atOnce -= 1;
      },
    );
    await Promise.all([drain.run(), drain.run(), drain.run()]);
    expect([left, most]).toEqual([[], 1]);
  });

  it('forgets nothing that comes at any point of its last turn', async () => {
    for (let after = 0; after < 12; after++) {
      let left = 1;
      const drain = new Drain(
        () => left > 0,
        async () => {
          left -= 1;
        },
      );
      const first = drain.run();
      for (let n = 0; n < after; n++) await Promise.resolve();
      left += 1;
      const second = drain.run();
      await Promise.all([first, second]);
      expect([after, left]).toEqual([after, 0]);
    }
  });

  it('ends at a turn that fails, and begins anew when it is asked again', async () => {
    let left = 2;
    const drain = new Drain(
      () => left > 0,
      async () => {
        left -= 1;
        if (left === 1) throw new Error('away');
      },
    );
    await expect(drain.run()).rejects.toThrow('away');
    expect(left).toBe(1);
    await drain.run();
    expect(left).toBe(0);
  });
});
