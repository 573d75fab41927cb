import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { Poller } from './poller.js';
import { SampledWarning } from './sampled-warning.js';

describe('Poller', () => {
  let time: VirtualTime;
  let turns: number;
  let turn: () => Promise<void> | void;
  let poller: Poller;
  let warn: jest.SpiedFunction<Logger['warn']>;
  const takes = (ms: number) => () => new Promise<void>((resolve) => void time.after(ms, resolve));

  beforeEach(() => {
    time = new VirtualTime();
    turns = 0;
    turn = () => undefined;
    const logger = new Logger('test');
    warn = jest.spyOn(logger, 'warn').mockImplementation(() => undefined);
    poller = new Poller(new VirtualScheduler(time), {
      everyMs: 100,
      warning: new SampledWarning(logger, 'It failed'),
      facts: () => ({ turns }),
      turn: () => {
        turns++;
        return turn();
      },
    });
  });

  it('has a turn every so often between start and stop, each of which happens once', async () => {
    poller.start();
    poller.start();
    await time.advance(350);
    expect([turns, poller.started, time.waiting]).toEqual([3, true, 1]);
    await poller.stop();
    await poller.stop();
    await time.advance(1_000);
    expect([turns, poller.started, time.waiting]).toEqual([3, false, 0]);
    poller.start();
    await time.advance(100);
    await poller.stop();
    expect(turns).toBe(4);
  });

  it('is safe to stop when it never ran', async () => {
    await poller.stop(1_000);
    expect([turns, time.waiting]).toEqual([0, 0]);
  });

  it('has no turn while one is under way', async () => {
    turn = takes(250);
    poller.start();
    await time.advance(320);
    expect(turns).toBe(1);
    await time.advance(100);
    expect(turns).toBe(2);
    await poller.stop();
    await time.advance(1_000);
  });

  it('runs at once when asked, and joins the turn under way', async () => {
    turn = takes(50);
    const both = [poller.run(), poller.run()];
    expect([turns, both[0] === both[1]]).toEqual([1, true]);
    await time.advance(50);
    await Promise.all(both);
    void poller.run();
    expect(turns).toBe(2);
    await time.advance(50);
  });

  it('goes on after a turn that threw or was rejected, and warns in samples', async () => {
    turn = () => {
      if (turns % 2 === 0) throw new Error('thrown');
      return Promise.reject(new Error('rejected'));
    };
    poller.start();
    await time.advance(400);
    await poller.stop();
    await expect(poller.run()).resolves.toBeUndefined();
    expect(turns).toBe(5);
    expect(warn.mock.calls).toEqual([['It failed', { turns: 1, error: 'Error: rejected', suppressed: 0 }]]);
  });

  it('waits at its stop for the turn under way, but not for longer than it is told', async () => {
    turn = takes(500);
    let stopped = 0;
    for (const waitMs of [200, 2_000]) {
      void poller.run();
      void poller.stop(waitMs).then(() => stopped++);
      await time.advance(200);
    }
    expect(stopped).toBe(1);
    await time.advance(300);
    expect([stopped, turns]).toEqual([2, 1]);
    await time.advance(5_000);
  });
});
