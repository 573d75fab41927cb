import { BrokerBackpressure } from '../../src/contracts/broker-backpressure.js';
import { FeedSignals } from '../../src/contracts/feed-signals.js';
import { Accounting } from '../../src/kernel/accounting.js';
import type { Clock } from '../../src/kernel/clock.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';

/** A backlog of a feed that has nothing in flight. */
export function backlogOf(clock: Clock): BrokerBackpressure {
  return new BrokerBackpressure(clock, new SystemScheduler(), new Accounting(), new FeedSignals());
}
