import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { slots, KICKOFF_S as T } from '../../test/support/history.js';
import { guardAgainstLeaks } from '../../test/support/leak-guard.js';
import { WriterUnderTest } from '../../test/support/writer-under-test.js';
import { InMemoryScoreStore } from '../testing/index.js';

guardAgainstLeaks();

let store: InMemoryScoreStore;
let under: WriterUnderTest;

beforeEach(async () => {
  jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  store = new InMemoryScoreStore();
  store.insert('m');
  under = await WriterUnderTest.on(store);
  goal(0);
  await under.settled();
});
afterEach(async () => {
  await under.stop();
  jest.restoreAllMocks();
});

const goal = (home: number) =>
  under.tell('m', { atS: T + home * 60, status: 2, home: slots(home), away: slots(0), kickoffS: T });

/** [home goals said, judged against, became] of every decision */
const versions = () =>
  under.recent.of('m').map(({ update, version, became }) => [update.score?.home[0], version, became]);

describe('the version that became of a decision', () => {
  it('is that of its commit, which clients are told', async () => {
    goal(1);
    await under.settled();
    expect(versions()).toEqual([
      [0, 0, 1],
      [1, 1, 2],
    ]);
    expect(under.commits.at(-1)).toMatchObject({ version: 2 });
  });

  it('is none for what was not applied', async () => {
    goal(1);
    await under.settled();
    goal(1);
    await under.settled();
    expect(versions().at(-1)).toEqual([1, 2, undefined]);
  });

  it('is none before the commit, and one for all that are folded into it', async () => {
    const release = store.hold('write');
    goal(1);
    goal(2);
    goal(3);
    expect(versions().slice(1)).toEqual([
      [1, 1, undefined],
      [2, 1, undefined],
      [3, 1, undefined],
    ]);
    release();
    await under.settled();
    expect(versions().slice(1)).toEqual([
      [1, 1, 2],
      [2, 1, 3],
      [3, 1, 3],
    ]);
  });

  it('is that of the second attempt when somebody else wrote the row meanwhile', async () => {
    store.change('m', { version: 2, minute: 7 });
    goal(1);
    await under.settled();
    expect(versions().slice(1)).toEqual([
      [1, 1, undefined],
      [1, 2, 3],
    ]);
  });
});
