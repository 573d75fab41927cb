import { beforeEach, describe, expect, it } from '@jest/globals';
import { journaledGoal } from '../../../test/support/journaled-goal.js';
import { VirtualClock, VirtualTime } from '../../../test/support/virtual-scheduler.js';
import { STANDARD_TIMES } from '../../contracts/match-times.js';
import type { JournalSlice, RecentChanges, WantedVersions } from '../../reannounce/ports/recent-changes.js';
import { InMemoryRecentChanges } from '../../testing/index.js';
import { positionText } from '../ports/position.js';
import { JournalHistory } from './journal-history.js';

const after = (matchId: string, version: number) => ({ matchId, after: { epoch: 1, version } });

describe('JournalHistory', () => {
  let time: VirtualTime;
  let rows: InMemoryRecentChanges;
  let history: JournalHistory;
  /** one entry for each statement: the matches it asks for, each with its position */
  let statements: string[][];
  let atOnce: number;
  let mostAtOnce: number;
  /** the journal answers when it is let */
  let gate: Promise<unknown>;

  beforeEach(() => {
    time = new VirtualTime();
    const clock = new VirtualClock(time);
    rows = new InMemoryRecentChanges(clock);
    [statements, atOnce, mostAtOnce, gate] = [[], 0, 0, Promise.resolve()];
    const journal: Pick<RecentChanges, 'after'> = {
      after: async (wanted: readonly WantedVersions[], limit: number): Promise<JournalSlice> => {
        statements.push(wanted.map((one) => `${one.matchId} ${positionText(one.after)}`));
        atOnce += 1;
        mostAtOnce = Math.max(mostAtOnce, atOnce);
        await gate;
        atOnce -= 1;
        return rows.after(wanted, limit);
      },
    };
    history = new JournalHistory(journal, clock, STANDARD_TIMES);
  });

  const add = (matchId: string, from: number, to: number) => {
    for (let version = from; version <= to; version++) rows.add(journaledGoal(matchId, 1, version));
  };
  const read = async (...wanted: Parameters<JournalHistory['after']>[0]) =>
    [...(await history.after(wanted))].map(
      ([id, versions]) => `${id}: ${versions.map(({ position }) => position.version).join(' ')}`,
    );

  it('reads once for all who ask together, and gives each what it misses', async () => {
    add('a', 1, 5);
    add('b', 1, 3);
    const answers = await Promise.all([
      read(after('a', 3)),
      read(after('a', 1), after('b', 2)),
      read(after('b', 3), after('none', 1)),
    ]);
    expect(answers).toEqual([['a: 4 5'], ['a: 2 3 4 5', 'b: 3'], ['b: ']]);
    expect(statements).toEqual([['a 1.1', 'b 1.2', 'none 1.1']]);
  });

  it('has one statement under way, however many ask', async () => {
    add('a', 1, 5);
    let open: (value?: unknown) => void = () => undefined;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const first = read(after('a', 4));
    await time.advance(0);
    const others = Array.from({ length: 50 }, (_, n) => read(after('a', n % 5)));
    await time.advance(0);
    expect(statements).toHaveLength(1);
    open();
    expect(await first).toEqual(['a: 5']);
    expect((await Promise.all(others))[3]).toEqual(['a: 4 5']);
    expect([statements.length, mostAtOnce]).toEqual([2, 1]);
  });

  it('reads for each alone when all together miss too much', async () => {
    add('a', 1, 1_500);
    add('b', 1, 1_500);
    const [ofA, ofB] = await Promise.all([history.after([after('a', 0)]), history.after([after('b', 0)])]);
    expect([ofA.get('a')?.length, ofB.get('b')?.length]).toEqual([1_500, 1_500]);
    expect(statements).toEqual([['a 1.0', 'b 1.0'], ['a 1.0'], ['b 1.0']]);
  });

  it('tells nothing of a match that may go on beyond its answer', async () => {
    add('a', 1, 1_500);
    add('b', 1, 1_500);
    const answer = await history.after([after('a', 0), after('b', 0)]);
    expect([...answer.keys()]).toEqual(['a']);
  });

  it('lets go of those beyond its places at once, and of those who waited for too long', async () => {
    add('a', 1, 5);
    let open: (value?: unknown) => void = () => undefined;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const first = read(after('a', 4));
    await time.advance(0);
    const waiting = Array.from({ length: 200 }, () => read(after('a', 0)));
    expect(await read(after('a', 0))).toEqual([]);
    await time.advance(3_001);
    open();
    expect(await first).toEqual(['a: 5']);
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 200 }, () => []));
    expect(statements).toHaveLength(1);
    expect(await read(after('a', 4))).toEqual(['a: 5']);
  });

  it('fails all who asked together when the journal does, and asks again for the next', async () => {
    add('a', 1, 5);
    gate = Promise.reject(new Error('away'));
    gate.catch(() => undefined);
    const failed = await Promise.allSettled([read(after('a', 3)), read(after('a', 4))]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    gate = Promise.resolve();
    expect(await read(after('a', 4))).toEqual(['a: 5']);
  });
});
