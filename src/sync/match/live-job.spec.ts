import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeFixtureStore } from '../../../test/support/fake-fixture-store.js';
import { toUpdate } from '../../../test/support/history.js';
import { jobRun } from '../../../test/support/job-run.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../../test/support/virtual-scheduler.js';
import { MatchLookups } from '../../contracts/match-lookups.js';
import type { Receipt, UpdateSink } from '../../contracts/update-sink.js';
import type { MatchUpdate } from '../../domain/match-update.js';
import type { Outcome } from '../../domain/outcome.js';
import { APPLIED, UNKNOWN_MATCH } from '../../domain/outcomes.js';
import { Accounting } from '../../kernel/accounting.js';
import { type BrokerBackpressure, NO_BROKER } from '../../mqtt-ingest/ports/broker-backpressure.js';
import type { ProviderApi } from '../../provider/ports/provider-api.js';
import { ProviderError } from '../../provider/provider.errors.js';
import { LiveJob } from './live-job.js';
import { MatchSyncSettings } from './match-sync-settings.js';
import { PulledUpdates } from './pulled-updates.js';
import { UnknownMatches } from './unknown-matches.js';

const NOW_S = 1_768_662_000;

describe('the job that asks for everything live', () => {
  let time: VirtualTime;
  let fates: (update: MatchUpdate) => Outcome | null;
  let told: { updates: readonly MatchUpdate[]; balance: number }[];
  let accounting: Accounting;
  let store: FakeFixtureStore;
  let unknown: UnknownMatches;
  let answer: () => Promise<{ updates: readonly MatchUpdate[]; rejected: number; requestedAtMs: number }>;
  let backlog: { -readonly [K in keyof BrokerBackpressure]: BrokerBackpressure[K] };
  let job: LiveJob;

  beforeEach(() => {
    time = new VirtualTime();
    const clock = new VirtualClock(time, NOW_S * 1000);
    const scheduler = new VirtualScheduler(time);
    accounting = new Accounting();
    store = new FakeFixtureStore();
    told = [];
    fates = () => APPLIED;
    backlog = { ...NO_BROKER };
    const sink: UpdateSink = {
      submit: (updates, receipt?: Receipt) => {
        told.push({ updates, balance: accounting.receivedTotal });
        for (const update of updates) {
          const outcome = fates(update);
          if (outcome) receipt?.concluded(update, outcome);
        }
      },
    };
    unknown = new UnknownMatches(store, clock, scheduler, new MatchLookups());
    answer = async () => ({ updates: ['a', 'b'].map(update), rejected: 1, requestedAtMs: clock.nowMs() });
    const api: ProviderApi = { enabled: true, liveMatches: () => answer() };
    job = new LiveJob(
      api,
      new PulledUpdates(accounting, scheduler, sink),
      unknown,
      accounting,
      new MatchSyncSettings(),
      backlog,
    );
  });

  const update = (matchId: string): MatchUpdate => ({
    ...toUpdate({ atS: NOW_S, status: 2, pulledAfterS: 0 }),
    matchId,
  });
  const run = async () => {
    const given = jobRun({ kind: 'full' });
    const running = job.run(given);
    await time.advance(60_000);
    return { end: await running, counts: given.counts };
  };

  it('runs every 5 s, and hands all of the answer on, received in the books before', async () => {
    expect(job.schedules).toEqual([{ cron: '*/5 * * * * *', kind: 'full' }]);
    expect(await run()).toMatchObject({ end: { verdict: 'complete' }, counts: { seen: 3, changed: 2, refused: 1 } });
    expect(told.map(({ updates, balance }) => [updates.map(({ matchId }) => matchId), balance])).toEqual([
      [['a', 'b'], 3],
    ]);
    expect(accounting.balance()).toMatchObject({ malformed: 1 });
  });

  it('asks nobody while the broker holds frames back', async () => {
    backlog.isOver = false;
    answer = async () => {
      throw new Error('asked');
    };
    expect((await run()).end).toEqual({ verdict: 'partial', error: expect.stringContaining('left out') });
  });

  it('an error is no empty answer', async () => {
    answer = async () => {
      throw new ProviderError('limit', 'too many requests', { endpoint: '/match/detail_live' });
    };
    expect((await run()).end).toEqual({ verdict: 'failed', error: 'LIVESCORE_PROVIDER_LIMIT: too many requests' });
    expect(told).toEqual([]);
  });

  it('a writer that does not answer keeps what it has, and the run ends', async () => {
    fates = () => null;
    expect(await run()).toMatchObject({ end: { verdict: 'complete' }, counts: { changed: 0 } });
  });

  it('matches without a row are sought in the lists: recent, diary, diary, and no more', async () => {
    const woken: [string, number][] = [];
    unknown.wake$.subscribe((list) => woken.push([list, Math.round(time.nowMs / 1000)]));
    fates = ({ matchId }) => (matchId === 'a' ? UNKNOWN_MATCH : APPLIED);
    await run();
    await time.advance(3_000_000);
    expect(woken).toEqual([
      ['recent', 1],
      ['diary', 76],
      ['diary', 196],
    ]);
    expect(unknown.size).toBe(0);
  });

  it('a match that has got its row is sought no more', async () => {
    const woken: string[] = [];
    unknown.wake$.subscribe((list) => woken.push(list));
    fates = () => UNKNOWN_MATCH;
    await run();
    for (const matchId of ['a', 'b']) store.rows.set(matchId, { matchId, updatedAtS: null, values: {} });
    await time.advance(200_000);
    expect(woken).toEqual(['recent']);
    expect(unknown.size).toBe(0);
  });

  it('questions that come together wait for no later one, and a database that is away is asked again', async () => {
    const woken: string[] = [];
    unknown.wake$.subscribe((list) => woken.push(list));
    store.fault = new Error('away');
    for (let n = 0; n < 5; n++) {
      unknown.note(`m${n}`);
      await time.advance(400);
    }
    expect(unknown.size).toBe(5);
    store.fault = null;
    await time.advance(80_000);
    expect(woken).toEqual(['recent', 'recent', 'diary']);
  });
});
