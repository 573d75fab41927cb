import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FeedUnderTest, type FeedUnderTestOptions, pulled, term } from '../../test/feed-recovery/feed-under-test.js';
import type { LeaseTerm } from '../contracts/ingest-lease.js';
import { APPLIED } from '../domain/outcomes.js';
import { ProviderError } from '../provider/provider.errors.js';

const REST_LAG_MS = 30_000;
const SETTLING_MS = REST_LAG_MS + 250;

describe('FeedMonitor', () => {
  let feed: FeedUnderTest;
  beforeEach(() => Logger.overrideLogger(false));
  afterEach(async () => {
    feed.stop();
    await feed.time.advance(5_000);
    expect(feed.time.waiting).toBe(0);
    Logger.overrideLogger(['log', 'warn', 'error', 'fatal']);
  });

  function start(options: FeedUnderTestOptions = {}): FeedUnderTest {
    feed = new FeedUnderTest(options);
    return feed;
  }

  describe('after a subscription', () => {
    it('asks at once, and again when the answer can no longer be older than the hole', async () => {
      start();
      expect(feed.monitor.state).toBe('down');
      feed.provider.updates = [pulled('m1'), pulled('m2')];
      feed.provider.rejected = 1;
      await feed.subscribe();
      expect([feed.monitor.state, feed.monitor.recoveryFacts.state]).toEqual(['recovering', 'running']);
      await feed.time.advance(SETTLING_MS);
      expect(feed.provider.requests).toEqual([0, SETTLING_MS]);
      expect(feed.sink.submitted.map(({ matchId }) => matchId)).toEqual(['m1', 'm2', 'm1', 'm2']);
      expect(feed.monitor.state).toBe('live');
      expect(feed.monitor.recoveryFacts).toEqual({
        state: 'none',
        lastAtMs: feed.startMs + SETTLING_MS,
        lastError: null,
      });
      expect(feed.accounting.balance()).toMatchObject({ received: 6, malformed: 2 });
      expect(feed.story).toEqual(['recovering: start', 'live: recovered']);
      expect(await feed.counted('recoveries')).toEqual({ 'start complete': 1 });
      expect(await feed.counted('feedState')).toEqual({ down: 0, recovering: 0, live: 1, delayed: 0 });
    });

    it('counts the waiting time from the request, which may have waited for its turn', async () => {
      start();
      feed.provider.answersAfterMs = 4_000;
      await feed.subscribe();
      await feed.time.advance(REST_LAG_MS);
      expect(feed.provider.requests).toEqual([0]);
      await feed.time.advance(250);
      expect(feed.provider.requests).toEqual([0, SETTLING_MS]);
    });

    it('is not live before the last update of the snapshot is settled', async () => {
      start();
      feed.provider.updates = [pulled('m1')];
      await feed.subscribe();
      await feed.time.advance(SETTLING_MS - 1);
      feed.sink.keepsOpen = true;
      await feed.time.advance(60_000);
      expect(feed.monitor.state).toBe('recovering');
      feed.sink.settle();
      await feed.time.advance(0);
      expect(feed.monitor.state).toBe('live');
    });

    it('starts anew when a snapshot is not settled in time', async () => {
      start({ timeoutMs: 40_000 });
      feed.provider.updates = [pulled('m1')];
      feed.sink.keepsOpen = true;
      await feed.subscribe();
      await feed.time.advance(39_999);
      feed.sink.keepsOpen = false;
      await feed.time.advance(1);
      expect(await feed.counted('recoveries')).toEqual({ 'start failed': 1 });
      expect(feed.monitor.recoveryFacts.lastError).toBe('LIVESCORE_RECOVERY_TIMEOUT');
      await feed.time.advance(2_000 + SETTLING_MS);
      expect(feed.monitor.state).toBe('live');
      expect(feed.monitor.recoveryFacts.lastError).toBeNull();
    });

    it.each(['absent', 'disabled'] as const)('is live at once when the provider is %s', async (provider) => {
      start({ provider });
      await feed.subscribe();
      expect(feed.monitor.state).toBe('live');
      expect(feed.monitor.recoveryFacts.state).toBe('off');
      await feed.time.advance(600_000);
      expect(feed.provider.requests).toEqual([]);
      expect(feed.story).toEqual(['live: recovery-off']);
    });
  });

  describe('with a provider that fails', () => {
    const refusal = new ProviderError('refused', 'The provider says no', { endpoint: '/match/detail_live' });

    it('stays recovering, says why, and asks with growing pauses', async () => {
      start();
      feed.provider.failure = refusal;
      await feed.subscribe();
      await feed.time.advance(20_000);
      expect(feed.monitor.state).toBe('recovering');
      expect(feed.monitor.recoveryFacts.lastError).toBe('LIVESCORE_PROVIDER_REFUSED');
      const pauses = feed.provider.requests.map((atMs, n, all) => atMs - (all[n - 1] ?? atMs)).slice(1);
      expect(pauses).toEqual([750, 1_500, 3_000, 6_000]);
      feed.provider.failure = null;
      await feed.time.advance(20_000 + SETTLING_MS);
      expect([feed.monitor.state, feed.monitor.recoveryFacts.lastError]).toEqual(['live', null]);
    });

    it('goes on for ever, at most one recovery per interval', async () => {
      start({ timeoutMs: 1_000 });
      feed.provider.failure = new Error('secret in here');
      await feed.subscribe();
      await feed.time.advance(10 * 60_000);
      expect(await feed.counted('recoveries')).toEqual({ 'start failed': 20 });
      expect(feed.monitor.recoveryFacts.lastError).not.toContain('secret');
      expect(feed.story).toEqual(['recovering: start']);
    });
  });

  describe('after a loss', () => {
    it('interrupts the recovery, and another one follows the next subscription', async () => {
      start();
      await feed.subscribe();
      await feed.time.advance(5_000);
      await feed.lose();
      expect(feed.monitor.state).toBe('down');
      await feed.time.advance(1_000);
      await feed.subscribe();
      await feed.time.advance(23_000);
      expect([feed.monitor.state, feed.monitor.recoveryFacts.state]).toEqual(['recovering', 'due']);
      await feed.time.advance(1_000);
      expect(feed.provider.requests).toEqual([0, 30_000]);
      await feed.time.advance(SETTLING_MS);
      expect(feed.story).toEqual([
        'recovering: start',
        'down: connection-lost',
        'recovering: reconnect',
        'live: recovered',
      ]);
      expect(await feed.counted('recoveries')).toEqual({ 'start interrupted': 1, 'reconnect complete': 1 });
    });

    it('asks also after a session that the broker kept', async () => {
      start();
      await feed.subscribe();
      await feed.time.advance(SETTLING_MS);
      await feed.lose();
      await feed.subscribe({ resumed: true });
      expect(feed.story.at(-1)).toBe('recovering: resumed');
    });

    it('asks nobody while updates wait for the database, and 5 s after: the broker held frames back meanwhile', async () => {
      start();
      feed.oldestInFlightMs = 0;
      await feed.subscribe();
      await feed.time.advance(2_000);
      await feed.lose();
      await feed.time.advance(58_000);
      await feed.subscribe();
      await feed.time.advance(10_000);
      feed.oldestInFlightMs = null;
      await feed.time.advance(4_000);
      expect(feed.provider.requests).toEqual([0]);
      await feed.time.advance(2_000);
      expect(feed.provider.requests).toHaveLength(2);
    });

    it('asks with QoS 0 also while an update waits for a row that somebody has locked: no broker holds anything back', async () => {
      start({ qos: 0 });
      feed.oldestInFlightMs = 0;
      feed.live('m1');
      feed.hear();
      await feed.time.advance(10_000);
      await feed.subscribe();
      await feed.hearFor(SETTLING_MS);
      expect(feed.provider.requests).toEqual([10_000, 10_000 + SETTLING_MS]);
      await feed.time.advance(60_000);
      expect(feed.provider.requests.length).toBeGreaterThan(2);
    });

    it('asks once after a session that the broker kept, when what it kept must have come', async () => {
      start();
      await feed.subscribe({ resumed: true });
      await feed.time.advance(SETTLING_MS - 1);
      expect([feed.monitor.state, feed.provider.requests]).toEqual(['recovering', []]);
      await feed.time.advance(1_000);
      expect([feed.monitor.state, feed.provider.requests]).toEqual(['live', [SETTLING_MS]]);
    });

    it('ignores an answer that comes after the loss', async () => {
      start();
      feed.provider.answersAfterMs = 2_000;
      feed.provider.updates = [pulled('m1')];
      await feed.subscribe();
      await feed.lose();
      await feed.time.advance(10_000);
      expect([feed.monitor.state, feed.sink.submitted]).toEqual(['down', []]);
    });
  });

  describe('with the lease', () => {
    it('calls it a takeover when the term is another, and when it had stood by', async () => {
      const lease: { term: LeaseTerm | null } = { term: null };
      start({ lease });
      await feed.time.advance(5_000);
      lease.term = term(7);
      await feed.subscribe();
      await feed.lose();
      lease.term = term(7);
      await feed.time.advance(30_000);
      await feed.subscribe();
      await feed.lose();
      lease.term = term(9);
      await feed.time.advance(30_000);
      await feed.subscribe();
      const reasons = feed.transitions.filter(({ to }) => to === 'recovering').map(({ reason }) => reason);
      expect(reasons).toEqual(['takeover', 'reconnect', 'takeover']);
    });

    it('knows nothing of matches while it stands by', async () => {
      const lease: { term: LeaseTerm | null } = { term: term(1) };
      start({ lease });
      feed.live('m1');
      await feed.time.advance(10_000);
      expect(feed.freshness.counts()).toEqual({ live: 1, noFeed: 1 });
      lease.term = null;
      await feed.time.advance(1_000);
      expect(feed.freshness.counts()).toEqual({ live: null, noFeed: null });
      expect(feed.freshness.of('m1')).toBeNull();
    });
  });

  describe('behind', () => {
    it('is delayed while the oldest update in flight is too old, and live again by itself', async () => {
      start({ provider: 'absent' });
      await feed.subscribe();
      await feed.time.advance(10_000);
      feed.oldestInFlightMs = 8_000;
      await feed.time.advance(3_000);
      expect(feed.monitor.state).toBe('live');
      await feed.time.advance(1_000);
      expect(feed.monitor.state).toBe('delayed');
      feed.oldestInFlightMs = null;
      await feed.time.advance(1_000);
      expect(feed.story).toEqual(['live: recovery-off', 'delayed: commits-lag', 'live: caught-up']);
    });
  });

  describe('in a silence', () => {
    async function liveFeed(): Promise<void> {
      start();
      feed.live('m1', 'm2');
      await feed.subscribe();
      await feed.hearFor(SETTLING_MS);
      expect(feed.monitor.state).toBe('live');
    }

    it('asks the provider, and is live while there is nothing to tell', async () => {
      await liveFeed();
      feed.provider.updates = [pulled('m1'), pulled('m2')];
      await feed.time.advance(5 * 60_000);
      expect([feed.monitor.state, feed.monitor.recoveryFacts.state]).toEqual(['live', 'due']);
      expect(feed.provider.requests.length).toBeGreaterThan(9);
    });

    it('is delayed when the provider tells what the feed did not, and asks again while it lasts', async () => {
      await liveFeed();
      feed.provider.updates = [pulled('m1')];
      feed.sink.outcome = APPLIED;
      const beganAtMs = feed.nowMs;
      await feed.time.advance(28_000);
      expect([feed.monitor.state, feed.provider.requests.length]).toEqual(['live', 2]);
      await feed.time.advance(3_000);
      expect([feed.monitor.state, feed.provider.requests.length]).toEqual(['delayed', 3]);
      await feed.time.advance(5 * 60_000);
      const pauses = feed.provider.requests.slice(2).map((atMs, n, all) => atMs - (all[n - 1] ?? beganAtMs));
      expect(Math.min(...pauses.slice(1))).toBeGreaterThanOrEqual(SETTLING_MS);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(32_000);
      await feed.hearFor(2_000);
      expect(feed.story.slice(-2)).toEqual(['delayed: silence', 'live: caught-up']);
    });

    it('is delayed also when the provider refuses', async () => {
      await liveFeed();
      feed.provider.failure = new ProviderError('refused', 'The provider says no', { endpoint: '/match/detail_live' });
      await feed.time.advance(31_000);
      expect(feed.monitor.state).toBe('delayed');
    });

    it('is no silence when nothing is being played, or when the feed never spoke of what is', async () => {
      start();
      await feed.subscribe();
      feed.live('minor-league');
      await feed.hearFor(SETTLING_MS, 'another');
      await feed.time.advance(10 * 60_000);
      expect([feed.monitor.state, feed.provider.requests.length]).toEqual(['live', 2]);
    });

    it('changes no match, however long it lasts', async () => {
      await liveFeed();
      feed.provider.updates = [];
      feed.sink.submitted.length = 0;
      await feed.time.advance(6 * 60 * 60_000);
      expect(feed.sink.submitted).toEqual([]);
      expect(feed.watch.count).toBe(2);
    });
  });

  describe('its watermark', () => {
    const since = (atMs: number | null) => (atMs === null ? null : atMs - feed.startMs);

    it('is that of the journal after a restart, as soon as the database answers', async () => {
      start({ journalAway: true });
      await feed.time.advance(2_000);
      expect(feed.monitor.watermarkMs).toBeNull();
      feed.journal.failure = null;
      feed.journal.newest = feed.startMs - 90_000;
      await feed.time.advance(2_000);
      expect(since(feed.monitor.watermarkMs)).toBe(-90_000);
    });

    it('is that of the former holder after a takeover', async () => {
      const lease: { term: LeaseTerm | null } = { term: null };
      start({ lease });
      await feed.time.advance(60_000);
      lease.term = term(2);
      feed.journal.newest = feed.startMs + 55_000;
      await feed.subscribe();
      await feed.time.advance(1_000);
      expect(since(feed.monitor.watermarkMs)).toBe(55_000);
    });

    it('stands still from the loss until the hole is recovered', async () => {
      start();
      await feed.subscribe();
      await feed.hearFor(40_000);
      expect(since(feed.monitor.watermarkMs)).toBe(39_000);
      await feed.lose();
      expect(since(feed.transitions.at(-1)?.watermarkMs ?? null)).toBe(39_000);
      await feed.time.advance(20_000);
      await feed.subscribe();
      await feed.hearFor(10_000);
      expect(since(feed.monitor.watermarkMs)).toBe(39_000);
      await feed.hearFor(SETTLING_MS);
      expect(feed.monitor.state).toBe('live');
      expect(since(feed.monitor.watermarkMs)).toBeGreaterThan(90_000);
    });

    it('does not pass what is in flight, nor go back', async () => {
      start({ provider: 'absent' });
      await feed.subscribe();
      feed.oldestInFlightMs = 4_000;
      await feed.hearFor(10_000);
      expect(since(feed.monitor.watermarkMs)).toBe(4_000);
      feed.oldestInFlightMs = null;
      expect(since(feed.monitor.watermarkMs)).toBe(9_000);
      feed.oldestInFlightMs = 7_000;
      expect(since(feed.monitor.watermarkMs)).toBe(9_000);
    });
  });
});
