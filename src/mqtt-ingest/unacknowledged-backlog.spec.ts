import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { Accounting } from '../kernel/accounting.js';
import { FeedSignalStream } from './feed-signal-stream.js';
import { UnacknowledgedBacklog } from './unacknowledged-backlog.js';

describe('UnacknowledgedBacklog', () => {
  let time: VirtualTime;
  let clock: VirtualClock;
  let signals: FeedSignalStream;
  let backlog: UnacknowledgedBacklog;
  let accounting: Accounting;
  let oldestAtMs: number | null;

  beforeEach(() => {
    time = new VirtualTime();
    clock = new VirtualClock(time);
    signals = new FeedSignalStream();
    oldestAtMs = null;
    accounting = new Accounting();
    accounting.register(() => ({ count: oldestAtMs === null ? 0 : 1, oldestAtMs }));
    backlog = new UnacknowledgedBacklog(clock, new VirtualScheduler(time), accounting, signals);
    backlog.onModuleInit();
  });

  afterEach(() => backlog.onModuleDestroy());

  const begin = (atMs = clock.nowMs()) => {
    accounting.received(1);
    oldestAtMs = atMs;
  };
  const end = () => {
    accounting.concluded('applied');
    oldestAtMs = null;
  };
  const waits = () => [backlog.brokerWaits, backlog.isBehind, backlog.isOver];

  it('says of a feed that is caught up that the broker holds nothing back', () => {
    expect(waits()).toEqual([false, false, true]);
  });

  it('says that it does while an update waits for more than a second, and for 5 s after', async () => {
    begin();
    await time.advance(1_001);
    expect(waits()).toEqual([true, true, false]);
    end();
    await time.advance(4_900);
    expect(waits()).toEqual([true, false, false]);
    await time.advance(300);
    expect(waits()).toEqual([false, false, true]);
  });

  it('says that it does for 5 s after a session was resumed', async () => {
    expect(backlog.brokerWaits).toBe(false);
    signals.publish({ kind: 'subscribed', resumed: true, atMs: clock.nowMs() });
    expect(waits()).toEqual([true, false, false]);
    await time.advance(5_100);
    expect(waits()).toEqual([false, false, true]);
  });

  it('knows that the broker holds nothing once the feed was silent with everything settled', async () => {
    const told = async (everyMs: number) => {
      begin();
      await time.advance(5);
      end();
      await time.advance(everyMs - 5);
    };
    for (let n = 0; n < 100; n++) await told(100);
    expect(backlog.emptyAtMs).toBe(Number.NEGATIVE_INFINITY);
    await time.advance(400);
    expect(clock.nowMs() - backlog.emptyAtMs).toBeLessThan(200);

    begin();
    await time.advance(60_000);
    expect(clock.nowMs() - backlog.emptyAtMs).toBeGreaterThanOrEqual(60_000);
    backlog.brokerForgets('once-sent');
    expect(backlog.emptyAtMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('says that it does not where the broker forgets what it sent', async () => {
    backlog.brokerForgets('once-sent');
    begin();
    await time.advance(10_000);
    expect(waits()).toEqual([false, false, true]);
  });
});
