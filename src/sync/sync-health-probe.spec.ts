import { beforeEach, describe, expect, it } from '@jest/globals';
import { Subject } from 'rxjs';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import type { LiveGapFacts } from '../contracts/health-facts.js';
import type { WriteFence } from '../contracts/write-fence.js';
import type { JobSchedule, RunEnd } from '../domain/sync/run-facts.js';
import type { ProviderStatus } from '../provider/provider-status.service.js';
import { FakeClock } from '../testing/index.js';
import type { SyncRuns } from './ports/sync-runs.js';
import type { RunReport } from './run-report.js';
import { resolveSyncOptions, type SyncOptions } from './sync.options.js';
import { SyncHealthProbe } from './sync-health-probe.js';
import { SyncJob } from './sync-job.js';
import { SyncJobs } from './sync-jobs.js';
import { SyncState } from './sync-state.js';
import { EntitySyncWorker } from './sync-worker.service.js';
import { LiveLists } from './watch/live-lists.js';

class IdleJob extends SyncJob {
  override readonly replaces = 'nothing';
  override readonly schedules: readonly JobSchedule[] = [{ cron: '* * * * * *', kind: 'full' }];
  override readonly needsFeed = true;

  constructor(override readonly name: string) {
    super();
  }

  override async run(): Promise<RunEnd> {
    return { verdict: 'complete' };
  }
}

describe('the probe of the sync', () => {
  let clock: FakeClock;
  let fence: WriteFence;
  let provider: { enabled: boolean };
  let lists: LiveLists;
  let state: SyncState;

  beforeEach(() => {
    clock = new FakeClock(1_800_000_000_000);
    fence = { granted: true, lost$: new Subject<void>() } as unknown as WriteFence;
    provider = { enabled: true };
    lists = new LiveLists(fence, clock);
    lists.provider(['a']);
    lists.rows(['a']);
  });

  const gapWith = (options: SyncOptions, settings: readonly (readonly [string, string])[] = []): LiveGapFacts => {
    const resolved = resolveSyncOptions({ mode: 'on', ...options }, {});
    const jobs = new SyncJobs(
      ['changes', 'live', 'watchdog'].map((name) => new IdleJob(name)),
      resolved.jobs,
    );
    state = new SyncState(resolved, jobs);
    state.take({ rows: [], nowMs: clock.nowMs(), settings: new Map(settings) });
    const worker = new EntitySyncWorker(
      resolved,
      {} as SyncRuns,
      jobs,
      state,
      {} as RunReport,
      fence,
      provider as ProviderStatus,
      new VirtualScheduler(new VirtualTime()),
    );
    return new SyncHealthProbe(worker, lists).internal().liveGap ?? { state: 'unknown', gap: null };
  };
  const off = { state: 'off', gap: null };

  it('tells the gap where both sides are read, whatever else is off', () => {
    expect(gapWith({ jobs: { changes: { enabled: false } } })).toMatchObject({ state: 'known' });
  });

  it('says off, and not that it should be known, without credentials', () => {
    provider.enabled = false;
    expect(gapWith({})).toEqual(off);
  });

  it.each<[string, SyncOptions]>([
    ['the mode is off', { mode: 'off' }],
    ['the mode is shadow', { mode: 'shadow' }],
    ['nothing runs unless it is named', { enabled: false }],
    ['the job live is off', { jobs: { live: { enabled: false } } }],
    ['the watchdog is off', { jobs: { watchdog: { enabled: false } } }],
    ['the job live has no schedule', { jobs: { live: { full: null } } }],
  ])('says off where %s', (_what, options) => {
    expect(gapWith(options)).toEqual(off);
  });

  it('follows what is switched by name at run time', () => {
    expect(gapWith({}, [['sync.live.enabled', 'false']])).toEqual(off);
    expect(gapWith({ jobs: { live: { enabled: false } } }, [['sync.live.enabled', 'true']])).toMatchObject({
      state: 'known',
    });
  });
});
