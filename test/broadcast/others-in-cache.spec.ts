import { afterEach, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import { BroadcastFeed } from '../../src/broadcast/broadcast-feed.js';
import { MatchCacheModule } from '../../src/cache/cache.module.js';
import { LIVE_MATCHES_KEY } from '../../src/cache/cache-keys.js';
import { CachedReads } from '../../src/cache/cached-reads.service.js';
import { MemoryStore } from '../cache/memory-store.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { toldGoal } from '../support/told.js';

guardAgainstLeaks();

const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };
let module: TestingModule | undefined;
afterEach(() => module?.close());

describe('the cache of a process that does not commit', () => {
  it('forgets a match that another process changed, also where its list is being read', async () => {
    const store = new MemoryStore();
    module = await Test.createTestingModule({
      imports: [BroadcastModule.forRoot(), MatchCacheModule.forRoot({ cache: store })],
    })
      .setLogger(quiet)
      .compile();
    await module.init();
    const reads = module.get(CachedReads);
    await reads.liveMatches(async () => ['old']);
    expect(await reads.liveMatches(async () => ['not asked'])).toEqual(['old']);
    module.get(BroadcastFeed).deliver([toldGoal({ matchId: 'm1', version: 2 })], 'bus');
    await eventually(async () => (await reads.liveMatches(async () => ['new']))[0] === 'new', { what: 'the new list' });
    let answer: ((list: string[]) => void) | null = null;
    module.get(BroadcastFeed).deliver([toldGoal({ matchId: 'm1', version: 3 })], 'bus');
    await eventually(() => !store.values.has(LIVE_MATCHES_KEY), { what: 'the list to be forgotten' });
    const slow = reads.liveMatches(() => new Promise<string[]>((resolve) => (answer = resolve)));
    await eventually(() => answer !== null, { what: 'the reading' });
    module.get(BroadcastFeed).deliver([toldGoal({ matchId: 'm1', version: 4 })], 'bus');
    (answer as unknown as (list: string[]) => void)(['of before']);
    await slow;
    expect(await reads.liveMatches(async () => ['newest'])).toEqual(['newest']);
  });
});
