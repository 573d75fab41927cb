import { beforeEach, describe, expect, it } from '@jest/globals';
import { toldGoal } from '../../../../test/support/told.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import { MatchBoard } from '../../board/match-board.js';
import type { VersionTold } from '../../ports/told.js';
import { type Replay, Replays, type Since } from './replays.js';

const BOUNDS = { maxMatches: 10, replayVersions: 4, currentForMs: 60_000 };

function version(n: number): VersionTold {
  const told = toldGoal({ matchId: 'm', version: n }).version;
  if (!told) throw new Error('A goal has a version');
  return told;
}

describe('replays', () => {
  let time: VirtualTime;
  let replays: Replays;
  let journaled: readonly VersionTold[];
  let asked: number;

  beforeEach(() => {
    time = new VirtualTime();
    const scheduler = new VirtualScheduler(time);
    const board = new MatchBoard(BOUNDS, scheduler);
    for (let n = 1; n <= 10; n++) board.take('m', version(n));
    [journaled, asked] = [[], 0];
    const history = {
      after: async () => {
        asked += 1;
        return new Map([['m', journaled]]);
      },
    };
    replays = new Replays({ board, scheduler, clock: new VirtualClock(time), history });
  });

  const since = (n: number): Since => new Map([['m', { epoch: 1, version: n }]]);
  /** A client that keeps its place until it is let go. */
  const client = (n: number) => {
    let leave: () => void = () => undefined;
    const served: Replay[] = [];
    const done = replays.serve(since(n), (replay) => {
      served.push(replay);
      return new Promise((resolve) => {
        leave = resolve;
      });
    });
    done.catch(() => undefined);
    return { served, done, leave: () => leave() };
  };

  it('come from memory, and from the journal where memory does not reach back so far', async () => {
    const recent = client(8);
    await time.advance(10);
    expect([...(recent.served[0]?.frames.keys() ?? [])].map(({ position }) => position.version)).toEqual([9, 10]);
    expect(asked).toBe(0);
    recent.leave();
    journaled = [version(3), version(4)];
    const old = client(2);
    await time.advance(10);
    expect([...(old.served[0]?.frames.keys() ?? [])]).toEqual(journaled);
    expect([asked, old.served[0]?.journaled?.get('m')]).toEqual([1, journaled]);
  });

  it('serve two clients at a time, the next when one has its answer', async () => {
    const clients = [client(8), client(8), client(8), client(8)];
    await time.advance(100);
    expect(clients.map(({ served }) => served.length)).toEqual([1, 1, 0, 0]);
    clients[1]?.leave();
    await time.advance(100);
    expect(clients.map(({ served }) => served.length)).toEqual([1, 1, 1, 0]);
  });

  it('tell who gets no place within three seconds to ask again, and keep its place for nobody', async () => {
    const [first, second, third] = [client(8), client(8), client(8)];
    await time.advance(3_000);
    await expect(third.done).rejects.toMatchObject({ name: 'MessageRefused', code: 'UNAVAILABLE' });
    first.leave();
    second.leave();
    await Promise.all([first.done, second.done]);
    const later = [client(8), client(8), client(8)];
    await time.advance(100);
    expect(later.map(({ served }) => served.length)).toEqual([1, 1, 0]);
  });

  it('give the place back when an answer fails', async () => {
    const fails = () => replays.serve(since(8), () => Promise.reject(new Error('no')));
    const failed = Promise.allSettled([fails(), fails()]);
    await time.advance(10);
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = client(8);
    await time.advance(10);
    expect(next.served).toHaveLength(1);
  });

  it('take a millisecond for five frames', async () => {
    const four = client(6);
    await time.advance(0);
    expect(four.served).toHaveLength(0);
    await time.advance(1);
    expect(four.served[0]?.frames.size).toBe(4);
  });
});
