import { describe, expect, it } from '@jest/globals';
import { toldGoal } from '../../../../test/support/told.js';
import { VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import { MatchBoard } from '../../board/match-board.js';
import { ListPage } from './list-page.js';
import { MatchPages } from './match-pages.js';

function setUp() {
  const time = new VirtualTime();
  const scheduler = new VirtualScheduler(time);
  const board = new MatchBoard({ maxMatches: 100, replayVersions: 4, currentForMs: 60_000 }, scheduler);
  const list = new ListPage(board, new MatchPages(), scheduler);
  const goal = (matchId: string, version: number): void => {
    const told = toldGoal({ matchId, version }).version;
    if (told) board.take(matchId, told);
  };
  return { time, board, list, goal };
}

describe('the list of all matches', () => {
  it('has the same tag and the same text in every instance, in whatever order they heard of the matches', () => {
    const [one, other] = [setUp(), setUp()];
    for (const id of ['b', 'a', 'c']) one.goal(id, 2);
    for (const id of ['c', 'b', 'a']) other.goal(id, 1);
    expect(other.list.get().tag).not.toBe(one.list.get().tag);
    const late = setUp();
    for (const [id, version] of [
      ['c', 1],
      ['b', 2],
      ['a', 2],
      ['c', 2],
    ] as const)
      late.goal(id, version);
    expect(late.list.get().tag).toBe(one.list.get().tag);
    expect(late.list.get().body.equals(one.list.get().body)).toBe(true);
    const { matches, digest } = JSON.parse(String(one.list.get().body));
    expect(matches.map(({ matchId }: { matchId: string }) => matchId)).toEqual(['a', 'b', 'c']);
    expect(digest).toBe(one.list.get().tag);
  });

  it('is made once per change, and no more than twice a second', async () => {
    const { time, list, goal } = setUp();
    goal('a', 1);
    const first = list.get();
    goal('a', 2);
    expect(list.get()).toBe(first);
    expect(list.isBehind).toBe(true);
    expect(list.dueInMs).toBe(500);
    await time.advance(500);
    const second = list.get();
    expect(second.tag).not.toBe(first.tag);
    expect(String(second.body)).toContain('"position":"1.2"');
    expect([list.isBehind, list.get()]).toEqual([false, second]);
  });

  it('loses matches that did not change for long', async () => {
    const { time, list, board } = setUp();
    const { version } = toldGoal({ version: 1 });
    if (!version) throw new Error('A goal has a version');
    board.take('m1', { ...version, state: { ...version.state, statusId: 8 } });
    expect(JSON.parse(String(list.get().body)).matches).toHaveLength(1);
    await time.advance(61_000);
    expect(JSON.parse(String(list.get().body)).matches).toEqual([]);
  });

  it('of nothing has a tag, too', () => {
    expect(setUp().list.get().tag).toMatch(/^[\w-]{22}$/);
  });
});
