import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { matchState, scoreCommitted } from '../../test/support/committed-changes.js';
import { FakeLease } from '../../test/support/fake-lease.js';
import { FramesAudience } from '../../test/support/frames-audience.js';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import type { ClientFrame } from '../broadcast/ports/client-frame.js';
import type { LiveListeners } from '../broadcast/ports/live-listeners.js';
import { CommittedChanges } from '../contracts/committed-changes.js';
import { MatchRouter } from '../contracts/match-router.js';
import { type SettledPrediction, SettledPredictions } from '../contracts/settled-predictions.js';
import { WriteFence } from '../contracts/write-fence.js';
import { MatchStatus } from '../domain/match-status.js';
import { EventLog } from '../kernel/event-log.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { FakeClock, InMemoryPredictionRepository } from '../testing/index.js';
import { FollowUpCalls } from './follow-up-calls.js';
import { MatchSettlement } from './match-settlement.js';
import type { SettlementFollowUp } from './ports/settlement-follow-up.js';
import { resolveSettlementOptions, type SettlementOptions } from './settlement.options.js';
import { SettlementAnnouncer } from './settlement-announcer.js';
import { SettlementDrive } from './settlement-drive.js';
import { SettlementReport } from './settlement-report.js';
import { SettlementSettings } from './settlement-settings.js';

const T = 1_768_660_000_000;

class Screen extends FramesAudience implements LiveListeners {
  unread = 0;
  readonly slices: (readonly ClientFrame[])[] = [];
  get mostUnreadBytes(): number {
    return this.unread;
  }
  override take(frames: readonly ClientFrame[]): void {
    this.slices.push(frames);
  }
}

class Routes extends MatchRouter {
  override active = true;
  route: 'direct' | 'legacy' = 'direct';
  override routeOf = () => this.route;
  override submit(): void {}
}

class UnderTest {
  readonly time = new VirtualTime();
  readonly scheduler = new VirtualScheduler(this.time);
  readonly clock = new FakeClock(T);
  readonly repository = new InMemoryPredictionRepository();
  readonly changes = new CommittedChanges();
  readonly settled = new SettledPredictions();
  readonly lease = new FakeLease(1);
  readonly screen = new Screen();
  readonly routes = new Routes();
  readonly metrics = new LiveScoreMetrics();
  readonly batches: (readonly SettledPrediction[])[] = [];
  readonly report = new SettlementReport(this.metrics, this.clock, new EventLog(this.clock));
  private readonly settings: SettlementSettings;
  private readonly drive: SettlementDrive;
  private readonly announcer: SettlementAnnouncer;
  private readonly calls: FollowUpCalls;
  private version = 0;

  constructor(given: SettlementOptions = {}, followUp?: SettlementFollowUp) {
    const options = resolveSettlementOptions({ mode: 'on', ...given }, {});
    const { repository, scheduler, settled } = this;
    this.repository.nowMs = T;
    this.settings = new SettlementSettings(options, repository, scheduler, new EventLog(this.clock));
    const settlement = new MatchSettlement(options, repository, settled, this.report);
    const right = new WriteFence(this.lease);
    const before = [options, this.settings, repository, settlement, right, this.changes, scheduler] as const;
    this.drive = new SettlementDrive(...before, this.routes);
    this.announcer = new SettlementAnnouncer(settled, this.clock, scheduler, this.screen, this.screen);
    this.calls = new FollowUpCalls(settled, scheduler, followUp);
    settled.batches$.subscribe((batch) => this.batches.push(batch));
    this.settings.onApplicationBootstrap();
    this.drive.onModuleInit();
    this.drive.onApplicationBootstrap();
    this.announcer.onModuleInit();
    this.calls.onModuleInit();
  }

  predict(matchId: string, prediction: string, count = 1): void {
    for (let n = 0; n < count; n++) {
      const id = `p${this.repository.predictions.length}`;
      this.repository.predictions.push({ id, matchId, prediction, threshold: null, createdAtMs: 0, result: 'pending' });
    }
  }

  /** One version in the journal; the process hears of it, unless it is somebody else's. */
  commit(matchId: string, home: number, isHeard = true): void {
    this.version += 1;
    const { version } = this;
    const slots = [home, 0, 0, 0, 0, 0, 0] as const;
    const at = { epoch: 0, version, source: 'mqtt', status: MatchStatus.SecondHalf, providerTimeS: null, atMs: T };
    this.repository.commit(matchId, { ...at, home: slots, away: [0, 0, 0, 0, 0, 0, 0] });
    if (isHeard) this.changes.publish([scoreCommitted(matchState({ matchId, version }), [])]);
  }

  get results(): readonly string[] {
    return this.repository.predictions.map(({ result }) => result);
  }

  async stop(): Promise<void> {
    const stopped = Promise.all([this.drive.onModuleDestroy(), this.settings.onModuleDestroy()]);
    await this.time.advance(3_000);
    await stopped;
    this.announcer.onApplicationShutdown();
    this.calls.onApplicationShutdown();
  }
}

let under: UnderTest;
beforeAll(() => Logger.overrideLogger(false));
afterEach(() => under.stop());

describe('the drive of the settlement', () => {
  it('settles a commit at once, without waiting for the sweep', async () => {
    under = new UnderTest();
    under.predict('m', 'MS 0.5 ÜST');
    under.commit('m', 1);
    await under.time.advance(0);
    expect(under.results).toEqual(['won']);
    expect(under.batches).toHaveLength(1);
  });

  it('sweeps for what it did not hear of', async () => {
    under = new UnderTest();
    under.predict('m', 'MS 0.5 ÜST');
    under.commit('m', 1, false);
    await under.time.advance(1_000);
    expect(under.results).toEqual(['pending']);
    await under.time.advance(1_000);
    expect(under.results).toEqual(['won']);
  });

  it('asks once about matches without predictions until the next sweep, and then finds those that came', async () => {
    under = new UnderTest();
    for (let n = 0; n < 100; n++) {
      under.commit('m', n);
      await under.time.advance(1);
    }
    expect(under.repository.reads).toBe(1);
    under.predict('m', 'MS 0.5 ÜST');
    await under.time.advance(2_000);
    expect(under.results).toEqual(['won']);
  });

  it('goes on after a failure, with everything that it had', async () => {
    under = new UnderTest();
    under.predict('m', 'MS 0.5 ÜST');
    under.repository.failure = new Error('away');
    under.commit('m', 1);
    await under.time.advance(5_000);
    expect(under.results).toEqual(['pending']);
    under.repository.failure = null;
    await under.time.advance(2_000);
    expect(under.results).toEqual(['won']);
    expect(under.repository.revisions).toHaveLength(1);
  });

  it('settles the other matches where the host refuses what is written about one', async () => {
    under = new UnderTest();
    for (const matchId of ['a', 'b', 'c']) under.predict(matchId, 'MS 0.5 ÜST');
    under.repository.refused.add('b');
    for (const matchId of ['a', 'b', 'c']) under.commit(matchId, 1);
    await under.time.advance(0);
    expect(under.results).toEqual(['won', 'pending', 'won']);
    under.repository.refused.clear();
    await under.time.advance(2_000);
    expect(under.results).toEqual(['won', 'won', 'won']);
  });

  it('settles nothing while it stands by, and what was left when it has the lease', async () => {
    under = new UnderTest();
    under.lease.lose();
    under.predict('m', 'MS 0.5 ÜST');
    under.commit('m', 1);
    await under.time.advance(5_000);
    expect(under.results).toEqual(['pending']);
    under.lease.take(2);
    await under.time.advance(2_000);
    expect(under.results).toEqual(['won']);
  });

  it('asks for the lease, and not for the match again and again, where its writes are refused', async () => {
    under = new UnderTest();
    under.predict('m', 'MS 0.5 ÜST');
    under.repository.fence = 2;
    under.commit('m', 1);
    await under.time.advance(1_000);
    expect([under.results, under.repository.reads, under.lease.doubts]).toEqual([['pending'], 1, 1]);
    under.lease.take(2);
    await under.time.advance(2_000);
    expect(under.results).toEqual(['won']);
  });

  it('leaves matches of the legacy path alone', async () => {
    under = new UnderTest();
    under.routes.route = 'legacy';
    under.predict('m', 'MS 0.5 ÜST');
    under.commit('m', 1);
    await under.time.advance(5_000);
    expect(under.results).toEqual(['pending']);
  });

  it('follows the mode that is set, up to what the options allow', async () => {
    under = new UnderTest();
    under.repository.mode = 'off';
    await under.time.advance(1_000);
    under.predict('m', 'MS 0.5 ÜST');
    under.commit('m', 1);
    await under.time.advance(5_000);
    expect(under.results).toEqual(['pending']);
    under.repository.mode = 'on';
    await under.time.advance(3_000);
    expect(under.results).toEqual(['won']);
  });

  it('asks nothing and starts no timer where the options say off', async () => {
    under = new UnderTest({ mode: 'off' });
    under.repository.mode = 'on';
    expect(under.time.waiting).toBe(0);
    under.predict('m', 'MS 0.5 ÜST');
    under.commit('m', 1);
    await under.time.advance(5_000);
    expect([under.results, under.repository.reads]).toEqual([['pending'], 0]);
  });

  it('tells of a text that no market has once, and of a foreign result each time it is met', async () => {
    under = new UnderTest();
    under.predict('m', 'Korner 9.5 ÜST', 3);
    under.predict('m', 'MS 0.5 ÜST');
    under.repository.predictions[3]!.result = 'lost';
    under.commit('m', 1);
    under.commit('m', 2);
    await under.time.advance(0);
    expect(under.report).toMatchObject({ unknownTexts: 1, foreign: 1 });
    expect(under.results).toEqual(['pending', 'pending', 'pending', 'lost']);
  });
});

describe('what is told of a settlement', () => {
  const told = () => under.screen.slices.flat();

  it('goes out in slices that wait for a client that is behind, for a bounded time', async () => {
    under = new UnderTest();
    under.predict('m', 'MS 0.5 ÜST', 250);
    under.screen.unread = 10_000_000;
    under.commit('m', 1);
    await under.time.advance(0);
    expect(under.screen.slices.map(({ length }) => length)).toEqual([100]);
    await under.time.advance(200);
    expect(under.screen.slices).toHaveLength(1);
    await under.time.advance(100);
    expect(under.screen.slices).toHaveLength(2);
    under.screen.unread = 0;
    await under.time.advance(10);
    expect(under.screen.slices.map(({ length }) => length)).toEqual([100, 100, 50]);
  });

  it('is the first result once, and everything else in a frame that counts nothing', async () => {
    under = new UnderTest();
    under.predict('m', 'MS 0.5 ÜST');
    for (const home of [1, 0, 1]) under.commit('m', home);
    await under.time.advance(0);
    expect(told().map(({ type }) => type)).toEqual(['PREDICTION_SETTLED', 'PREDICTION_UPDATED', 'PREDICTION_UPDATED']);
    expect(told()).toMatchObject([
      { result: 'won', revision: 1, finalScore: '1-0', timestamp: T },
      { result: 'pending', revision: 2, cause: 'var', fields: ['result', 'resultReason', 'finalScore'] },
      { result: 'won', revision: 3 },
    ]);
  });

  it('is nothing in shadow mode', async () => {
    under = new UnderTest({ mode: 'shadow' });
    under.predict('m', 'MS 0.5 ÜST');
    under.commit('m', 1);
    await under.time.advance(0);
    expect([told(), under.batches, under.results]).toEqual([[], [], ['pending']]);
    expect(under.repository.revisions).toMatchObject([{ isShadow: true, verdict: 'won' }]);
  });

  it('reaches the follow-up of the host in order, whose failures and delays hold nothing up', async () => {
    const heard: number[] = [];
    const followUp = {
      settled: (batch: readonly SettledPrediction[]) => {
        heard.push(batch.length);
        if (heard.length === 1) throw new Error('statistics');
        return heard.length === 2 ? new Promise<void>(() => undefined) : undefined;
      },
    };
    under = new UnderTest({}, followUp);
    for (const [n, matchId] of ['a', 'b', 'c'].entries()) {
      under.predict(matchId, 'MS 0.5 ÜST', n + 1);
      under.commit(matchId, 1);
    }
    await under.time.advance(0);
    expect([heard, under.results]).toEqual([[1, 2], Array(6).fill('won')]);
    await under.time.advance(10_000);
    expect(heard).toEqual([1, 2, 3]);
  });
});
