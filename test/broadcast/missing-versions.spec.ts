import { afterEach, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import { BroadcastFeed } from '../../src/broadcast/broadcast-feed.js';
import { BoardStore } from '../../src/broadcast/ports/board-store.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { RecentChanges } from '../../src/reannounce/ports/recent-changes.js';
import { InMemoryBoardStore, InMemoryRecentChanges } from '../../src/testing/index.js';
import { hostModule } from '../rollout/legacy-callers-app.js';
import { eventually } from '../support/eventually.js';
import { journaledGoal } from '../support/journaled-goal.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { toldGoal } from '../support/told.js';

guardAgainstLeaks();

let module: TestingModule | undefined;
afterEach(() => module?.close());

it('a process that was not told of a version reads it in the journal, before those that follow it', async () => {
  const clock = new SystemClock();
  const journal = new InMemoryRecentChanges(clock);
  const store = new InMemoryBoardStore(clock);
  module = await Test.createTestingModule({
    imports: [
      hostModule({ provide: RecentChanges, useValue: journal }),
      BroadcastModule.forRoot({ role: 'gateway', journalPollMs: 100 }),
    ],
  })
    .setLogger({ log: () => undefined, warn: () => undefined, error: () => undefined })
    .overrideProvider(BoardStore)
    .useValue(store)
    .compile();
  await module.init();
  const feed = module.get(BroadcastFeed);
  const versions: (readonly [version: number, jumped: boolean])[] = [];
  feed.news$.subscribe((news) => {
    for (const { version } of news) if (version) versions.push([version.told.position.version, version.jumped]);
  });
  feed.deliver([toldGoal({ version: 1 })], 'bus');
  journal.add(journaledGoal('m1', 1, 2));
  feed.deliver([toldGoal({ version: 3 })], 'bus');
  await eventually(() => versions.length === 3, { what: 'the version between' });
  journal.add(journaledGoal('m1', 1, 4));
  store.journaled('m1', { epoch: 1, version: 4 });
  await eventually(() => versions.length === 4, { what: 'the version that nobody told' });
  expect(versions).toEqual([1, 2, 3, 4].map((version) => [version, false]));
});
