import { describe, expect, it } from '@jest/globals';
import { FENCED, LEFT_UNWRITTEN } from '../domain/outcomes.js';
import { MatchProtection } from '../foreign-writers/ports/match-protection.js';
import { Accounting } from '../kernel/accounting.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { SystemScheduler } from '../kernel/scheduler.js';
import { FakeClock } from '../testing/fake-clock.js';
import type { Accepted } from './mailbox.js';
import { Mailboxes } from './mailboxes.js';

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
  ])('%s', (_what, fate, cleared) => {
    const metrics = new LiveScoreMetrics();
    const protection = new Cleared();
    const accounting = new Accounting();
    const mailboxes = new Mailboxes(new FakeClock(0), new SystemScheduler(), metrics, accounting, protection);
    const mailbox = mailboxes.open('m');
    if (!mailbox) throw new Error('There is room for one');
    mailbox.inFlight = {} as Accepted;
    mailboxes.retire(mailbox, fate);
    expect(protection.matchIds).toEqual([]);
    mailboxes.left(mailbox);
    mailboxes.left(mailbox);
    expect(protection.matchIds).toEqual(cleared);
  });
});
