import { Accounting } from '../../src/shared/accounting.js';
import { Backlog } from '../../src/shared/backlog.js';
import type { Clock } from '../../src/shared/clock.js';
import { FeedSignals } from '../../src/shared/feed-signals.js';
import { SystemScheduler } from '../../src/shared/scheduler.js';

/** A backlog of a feed that has nothing in flight. */
export function backlogOf(clock: Clock): Backlog {
  return new Backlog(clock, new SystemScheduler(), new Accounting(), new FeedSignals());
}
