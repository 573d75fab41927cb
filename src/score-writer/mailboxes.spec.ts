import { describe, expect, it } from '@jest/globals';
import { slots, KICKOFF_S as T } from '../../test/support/history.js';
import { WriterUnderTest } from '../../test/support/writer-under-test.js';
import { FENCED, LEFT_UNWRITTEN } from '../domain/outcomes.js';
import { MatchProtection } from '../foreign-writers/ports/match-protection.js';
import { InMemoryScoreStore } from '../testing/index.js';

class Cleared extends MatchProtection {
  readonly matchIds: string[] = [];
  override async clear(matchId: string): Promise<void> {
    this.matchIds.push(matchId);
  }
}

describe('a match that was given away with a statement under way', () => {
  it.each([
    ['is protected no more once the statement is answered', LEFT_UNWRITTEN, ['m']],
    ['stays as it is when only the lease was lost', FENCED, []],
  ])('%s', async (_what, fate, cleared) => {
    const protection = new Cleared();
    const store = new InMemoryScoreStore();
    store.insert('m');
    const under = await WriterUnderTest.on(store, {}, { protection });
    const kickOff = { atS: T, status: 2 as const, kickoffS: T };
    under.mention('m', kickOff);
    await under.settled();
    const answer = store.hold('write');
    under.mention('m', { ...kickOff, atS: T + 60, home: slots(1) });
    const mailbox = under.mailboxes.find('m');
    if (!mailbox) throw new Error('The match was heard of');
    under.mailboxes.discard(mailbox, fate);
    expect([protection.matchIds, under.mailboxes.busyCount()]).toEqual([[], 1]);
    answer();
    await under.settled();
    expect(protection.matchIds).toEqual(cleared);
    await under.stop();
  });
});
