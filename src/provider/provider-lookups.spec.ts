import { describe, expect, it } from '@jest/globals';
import { letPass } from '../../test/support/let-pass.js';
import { ORIGIN } from '../../test/support/score-frames.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../tools/simulator/virtual-time.js';
import { MatchLookups } from '../contracts/match-lookups.js';
import { type Receipt, UpdateSink } from '../contracts/update-sink.js';
import { MatchStatus } from '../domain/match-status.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { DUPLICATE } from '../domain/outcomes.js';
import { Accounting } from '../kernel/accounting.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { FeedSignalStream } from '../mqtt-ingest/feed-signal-stream.js';
import { UnacknowledgedBacklog } from '../mqtt-ingest/unacknowledged-backlog.js';
import { LookupRecord } from './lookup-record.js';
import { type LiveSnapshot, ProviderApi } from './ports/provider-api.js';
import { ProviderError } from './provider.errors.js';
import { ProviderLookups } from './provider-lookups.js';

const NO_GOALS = [0, 0, 0, 0, 0, 0, 0] as const;
const START_MS = 1_766_242_949_000;

class FakeApi extends ProviderApi {
  enabled = true;
  live: readonly string[] = [];
  failure: ProviderError | null = null;
  readonly askedAtMs: number[] = [];
  signal: AbortSignal | undefined;
  private held: (() => void)[] | null = null;

  constructor(private readonly time: VirtualTime) {
    super();
  }

  hold(): void {
    this.held = [];
  }

  release(): void {
    for (const answer of this.held ?? []) answer();
    this.held = null;
  }

  override async liveMatches(signal?: AbortSignal): Promise<LiveSnapshot> {
    this.signal = signal;
    this.askedAtMs.push(this.time.nowMs);
    const requestedAtMs = START_MS + this.time.nowMs;
    await new Promise<void>((resolve) => (this.held ? this.held.push(resolve) : resolve()));
    if (this.failure) throw this.failure;
    return { updates: this.live.map((id) => answerAbout(id, requestedAtMs)), rejected: 0, requestedAtMs };
  }
}

function answerAbout(matchId: string, requestedAtMs: number): MatchUpdate {
  const score = { status: MatchStatus.FirstHalf, home: NO_GOALS, away: NO_GOALS, periodKickoffS: null };
  return { ...ORIGIN, source: 'api', delivery: 'pull', matchId, requestedAtMs, providerTimeS: null, score };
}

class LookupsUnderTest {
  readonly time = new VirtualTime();
  readonly api = new FakeApi(this.time);
  readonly metrics = new LiveScoreMetrics();
  readonly accounting = new Accounting();
  readonly signals = new FeedSignalStream();
  readonly questions = new MatchLookups();
  readonly lookups: ProviderLookups;
  readonly submitted: string[] = [];
  readonly receipts: Receipt[] = [];

  constructor() {
    const scheduler = new VirtualScheduler(this.time, { alive: true }, new SeededRandom(1));
    const sink: UpdateSink = {
      submit: (updates, receipt) => {
        this.submitted.push(...updates.map(({ matchId }) => `${matchId}@${this.time.nowMs}`));
        if (!receipt) return;
        this.receipts.push(receipt);
        for (const update of updates) receipt.concluded(update, DUPLICATE);
      },
    };
    const clock = new VirtualClock(this.time, START_MS);
    const backlog = new UnacknowledgedBacklog(clock, scheduler, this.accounting, this.signals);
    const { api, accounting, metrics, questions } = this;
    this.lookups = new ProviderLookups(
      api,
      clock,
      scheduler,
      accounting,
      new LookupRecord(api, metrics),
      questions,
      backlog,
      sink,
    );
  }

  want(matchId: string, notBeforeMs = 0): void {
    this.questions.request(matchId, START_MS + notBeforeMs);
  }

  async results(): Promise<Record<string, number>> {
    const { values } = await this.metrics.providerLookups.get();
    return Object.fromEntries(values.map(({ labels, value }) => [labels.result, value]));
  }
}

describe('ProviderLookups', () => {
  it('takes only what was asked for out of an answer about everybody, and answers for all that are due at once', async () => {
    const test = new LookupsUnderTest();
    test.api.live = [...Array.from({ length: 318 }, (_, n) => `other${n}`), 'a', 'b'];
    for (const matchId of ['a', 'b', 'gone']) test.want(matchId);
    await letPass(test.time, 1_000);
    expect(test.api.askedAtMs).toEqual([0]);
    expect(test.submitted).toEqual(['a@0', 'b@0']);
    expect(test.accounting.balance().received).toBe(2);
    expect(test.receipts.map(({ awaitsCommit }) => awaitsCommit)).toEqual([false]);
    expect(await test.results()).toEqual({ absent: 1, duplicate: 2 });
  });

  it('waits until an answer can be believed, match by match', async () => {
    const test = new LookupsUnderTest();
    test.api.live = ['a', 'b'];
    test.want('a', 30_000);
    test.want('b', 10_000);
    await letPass(test.time, 40_000);
    expect(test.submitted).toEqual(['b@10000', 'a@30000']);
  });

  it('asks about one match at most once in 30 s', async () => {
    const test = new LookupsUnderTest();
    test.api.live = ['a'];
    for (let second = 0; second < 65; second++) {
      test.want('a', second * 1_000);
      await letPass(test.time, 1_000);
    }
    expect(test.api.askedAtMs).toEqual([0, 30_000, 60_000]);
  });

  it('is not put off by a feed that insists, and asks again for the newest request', async () => {
    const test = new LookupsUnderTest();
    test.api.live = ['a'];
    for (let second = 0; second < 20; second++) {
      test.want('a', 30_000 + second * 1_000);
      await letPass(test.time, 1_000);
    }
    await letPass(test.time, 100_000);
    expect(test.api.askedAtMs).toEqual([30_000, 60_000]);
  });

  it('asks nobody while the broker holds frames back, which are older than any answer', async () => {
    const test = new LookupsUnderTest();
    test.api.live = ['a'];
    let oldestAtMs: number | null = START_MS;
    test.accounting.register(() => ({ count: oldestAtMs === null ? 0 : 1, oldestAtMs }));
    test.accounting.received(1);
    await letPass(test.time, 2_000);
    test.want('a', 2_000);
    await letPass(test.time, 60_000);
    expect(test.api.askedAtMs).toEqual([]);
    oldestAtMs = null;
    test.accounting.concluded('applied');
    await letPass(test.time, 4_000);
    expect(test.api.askedAtMs).toEqual([]);
    await letPass(test.time, 3_000);
    expect(test.submitted).toHaveLength(1);
  });

  it('asks nobody right after a session that the broker kept', async () => {
    const test = new LookupsUnderTest();
    test.api.live = ['a'];
    test.signals.publish({ kind: 'subscribed', resumed: true, atMs: START_MS });
    test.want('a');
    await letPass(test.time, 4_500);
    expect(test.api.askedAtMs).toEqual([]);
    await letPass(test.time, 3_000);
    expect(test.submitted).toHaveLength(1);
  });

  it('leaves two seconds between two questions', async () => {
    const test = new LookupsUnderTest();
    for (let n = 0; n < 40; n++) {
      test.want(`match${n}`);
      await letPass(test.time, 100);
    }
    await letPass(test.time, 10_000);
    expect(test.api.askedAtMs).toEqual([0, 2_000, 4_000]);
  });

  it('tries three times more, with growing pauses, and then gives up', async () => {
    const test = new LookupsUnderTest();
    test.api.failure = new ProviderError('timeout', 'late', { endpoint: '/' });
    test.want('a');
    await letPass(test.time, 600_000);
    const [, second = 0, third = 0, fourth = 0] = test.api.askedAtMs;
    expect(test.api.askedAtMs).toHaveLength(4);
    for (const [pauseMs, fullMs] of [
      [second, 5_000],
      [third - second, 10_000],
      [fourth - third, 20_000],
    ] as const) {
      expect(pauseMs).toBeGreaterThanOrEqual(fullMs / 2);
      expect(pauseMs).toBeLessThanOrEqual(fullMs);
    }
    expect(await test.results()).toEqual({ 'given-up': 1 });
    expect(test.submitted).toEqual([]);
  });

  it('waits as long as the provider wants to be left alone', async () => {
    const test = new LookupsUnderTest();
    test.api.live = ['a'];
    test.api.failure = new ProviderError('limit', 'too many', { endpoint: '/', retryAtMs: START_MS + 60_000 });
    test.want('a');
    await letPass(test.time, 1_000);
    test.api.failure = null;
    await letPass(test.time, 100_000);
    expect(test.submitted).toEqual(['a@60000']);
  });

  it('takes requests while it is asking: an answer that was asked for too early is not the last', async () => {
    const test = new LookupsUnderTest();
    test.api.live = ['a', 'b'];
    test.api.hold();
    test.want('a');
    await letPass(test.time, 1_000);
    test.want('a', 1_000);
    test.want('b');
    test.api.release();
    await letPass(test.time, 60_000);
    expect(test.submitted).toEqual(['a@1000', 'b@3000', 'a@30000']);
  });

  it('forgets the oldest of more than a thousand', async () => {
    const test = new LookupsUnderTest();
    for (let n = 0; n < 1_002; n++) test.want(`match${n}`);
    test.api.live = ['match0', 'match1', 'match2', 'match1001'];
    await letPass(test.time, 1_000);
    expect(test.submitted).toEqual(['match2@0', 'match1001@0']);
    expect(await test.results()).toEqual({ dropped: 2, duplicate: 2, absent: 998 });
  });

  it('does nothing when the provider is disabled', async () => {
    const test = new LookupsUnderTest();
    test.api.enabled = false;
    test.want('a');
    await letPass(test.time, 100_000);
    expect(test.api.askedAtMs).toEqual([]);
  });

  it('calls its question off when the module is destroyed, and asks no more', async () => {
    const test = new LookupsUnderTest();
    test.api.hold();
    test.want('a');
    await letPass(test.time, 100);
    test.lookups.onModuleDestroy();
    expect(test.api.signal?.aborted).toBe(true);
    test.api.failure = new ProviderError('aborted', 'called off', { endpoint: '/' });
    test.api.release();
    test.want('b');
    await letPass(test.time, 600_000);
    expect(test.api.askedAtMs).toHaveLength(1);
    expect(await test.results()).toEqual({});
  });
});
