import { beforeEach, describe, expect, it } from '@jest/globals';
import { ReadingTurns } from './reading-turns.js';

let nowMs: number;
let nextTurns: (() => void)[];
let turns: ReadingTurns;
let read: string[];

beforeEach(() => {
  [nowMs, nextTurns, read] = [0, [], []];
  turns = new ReadingTurns(
    () => nowMs,
    (action) => nextTurns.push(action),
  );
});

/** One who takes a millisecond for each piece. */
function reader(name: string, pieces: number) {
  const one = {
    goOn: () => {
      read.push(name);
      nowMs += 1;
      if (--pieces > 0) turns.wait(one);
    },
  };
  return one;
}

async function turn(): Promise<readonly string[]> {
  for (const action of nextTurns.splice(0)) action();
  await new Promise((resolve) => setImmediate(resolve));
  return read.splice(0);
}

describe('the turns in which clients are read', () => {
  it('are over after 2 ms, and begin anew', async () => {
    expect(turns.isOpen).toBe(true);
    nowMs += 2;
    expect(turns.isOpen).toBe(false);
    await turn();
    expect(turns.isOpen).toBe(true);
  });

  it('read one piece of each who waits after the other, as far as there is time', async () => {
    for (const one of [reader('a', 3), reader('b', 1), reader('c', 2)]) turns.wait(one);
    expect([await turn(), await turn(), await turn(), await turn()]).toEqual([['a', 'b'], ['c', 'a'], ['c', 'a'], []]);
  });

  it('let nobody pass those who wait', async () => {
    for (const name of ['a', 'b', 'c']) turns.wait(reader(name, 1));
    await turn();
    expect(turns.isOpen).toBe(false);
    await turn();
    expect(turns.isOpen).toBe(true);
  });

  it('forget who has left', async () => {
    const gone = reader('gone', 1);
    turns.wait(gone);
    turns.leave(gone);
    expect(await turn()).toEqual([]);
  });

  it('read nothing of the next before what one sent is handled', async () => {
    const handled: string[] = [];
    turns.wait({ goOn: () => queueMicrotask(() => handled.push('a')) });
    turns.wait({ goOn: () => handled.push('b') });
    await turn();
    expect(handled).toEqual(['a', 'b']);
  });
});
