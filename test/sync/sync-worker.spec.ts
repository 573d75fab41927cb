import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { RunEnd } from '../../src/domain/sync/run-facts.js';
import { ScheduleRegistration } from '../../src/schedule/ports/schedule-registration.js';
import type { JobRun } from '../../src/sync/job-run.js';
import { eventually } from '../support/eventually.js';
import { SpecJob, SyncInstance } from '../support/sync-instance.js';
import { SyncOnPostgres } from '../support/sync-on-postgres.js';

const soon = (holds: () => boolean | Promise<boolean>) => eventually(holds, { what: 'what the test says' });
const COMPLETE: RunEnd = { verdict: 'complete', wasFull: true };
/** After something was noted. */
const completed = (_noted: unknown): RunEnd => COMPLETE;
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('the worker of the sync on PostgreSQL', () => {
  let sync: SyncOnPostgres;
  const started: SyncInstance[] = [];
  beforeAll(async () => {
    sync = await SyncOnPostgres.open();
  });
  afterAll(() => sync.close());
  beforeEach(async () => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    for (const level of ['log', 'debug'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    await sync.sql.query(`TRUNCATE livescore_sync_status; DELETE FROM livescore_setting WHERE name LIKE 'sync%'`);
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((instance) => instance.stop()));
    jest.restoreAllMocks();
  });

  const instance = async (
    ...args: ConstructorParameters<typeof SyncInstance> extends [string, ...infer Rest] ? Rest : never
  ) => {
    const one = new SyncInstance(sync.url, ...args);
    started.push(one);
    await one.start();
    return one;
  };
  const set = (name: string, value: string) =>
    sync.sql.query(
      `INSERT INTO livescore_setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2`,
      [name, value],
    );
  const row = async (entity: string) =>
    (await sync.rows('SELECT * FROM livescore_sync_status WHERE entity = $1', [entity]))[0];

  it('runs every tick once, whichever of three instances takes it', async () => {
    const ran: string[] = [];
    const jobs = () =>
      Array.from({ length: 6 }, (_, n) => {
        const job = new SpecJob(
          `job-${n}`,
          async (run) => {
            const [status] = await sync.rows('SELECT tick_at::text FROM livescore_sync_status WHERE entity = $1', [
              run.job,
            ]);
            ran.push(`${run.job} ${status?.tick_at}`);
            return COMPLETE;
          },
          false,
        );
        job.schedules = [{ cron: '* * * * * *', kind: 'full' }];
        return job;
      });
    await Promise.all([instance(jobs()), instance(jobs()), instance(jobs())]);
    await eventually(() => ran.length >= 40, { what: 'forty runs', timeoutMs: 90_000 });
    expect(new Set(ran).size).toBe(ran.length);
    const [{ ticks }] = (await sync.rows('SELECT sum(ticks)::integer AS ticks FROM livescore_sync_status')) as [
      { ticks: number },
    ];
    expect(ticks).toBeGreaterThanOrEqual(34);
  });

  it('takes over the run of an instance that died, at its page, and its late writes change nothing', async () => {
    const pages: number[] = [];
    await sync.runs.enrol(['team'], []);
    await sync.runs.want('team', 'full', 'spec');
    const dead = await sync.runs.claim('team', 'full', { wanted: 'full' }, 'dead');
    await sync.rows(
      `UPDATE livescore_sync_status SET page = 7, newest = 5, heartbeat_at = now() - interval '11 seconds'`,
    );
    await instance([new SpecJob('team', async (run) => completed(pages.push(run.page, run.newest ?? 0)))], {
      takeOverAfterMs: 10_000,
    });
    await soon(async () => (await row('team'))?.verdict === 'complete');
    expect(pages).toEqual([7, 5]);
    const counts = { seen: 1, added: 1, changed: 1, refused: 1, deleted: 1 };
    expect(await sync.runs.beat('team', dead!.runId!, counts)).toBe(false);
    const late = {
      entity: 'team',
      runId: dead!.runId!,
      kind: 'full',
      verdict: 'failed',
      counts,
      givesBack: false,
    } as const;
    expect(await sync.runs.finish(late)).toBe(false);
    expect(await row('team')).toMatchObject({ verdict: 'complete', seen: '0' });
  });

  it('leaves its run to another instance when it stops', async () => {
    const runs: JobRun[] = [];
    const job = () =>
      new SpecJob('team', async (run) => {
        runs.push(run);
        if (runs.length > 1) return COMPLETE;
        await untilAborted(run.signal);
        return { verdict: 'partial', error: 'stopped' };
      });
    const first = await instance([job()]);
    await soon(() => runs.length === 1);
    await instance([job()]);
    started.splice(started.indexOf(first), 1);
    await first.stop();
    await soon(async () => (await row('team'))?.verdict === 'complete');
    expect(runs).toHaveLength(2);
  });

  it('stops a run that another instance has taken', async () => {
    let aborted = false;
    await instance([
      new SpecJob('team', async ({ signal }) => {
        await untilAborted(signal);
        aborted = true;
        return { verdict: 'failed' };
      }),
    ]);
    await soon(async () => typeof (await row('team'))?.run_id === 'string');
    const theirs = '00000000-0000-4000-8000-000000000000';
    await sync.rows('UPDATE livescore_sync_status SET run_id = $1', [theirs]);
    await soon(() => aborted);
    expect(await row('team')).toMatchObject({ run_id: theirs, verdict: null });
  });

  it('follows the flag of an entity at run time, and the mode', async () => {
    let runs = 0;
    const job = new SpecJob('team', async () => completed(runs++));
    job.schedules = [{ cron: '* * * * * *', kind: 'full' }];
    await set('sync.team.enabled', 'false');
    const { worker } = await instance([job]);
    await worker.look();
    await worker.look();
    expect([runs, worker.status()[0]]).toEqual([0, expect.objectContaining({ isEnabled: false })]);
    await set('sync.team.enabled', 'true');
    await soon(() => runs > 0);
    await set('sync_mode', 'off');
    await soon(() => worker.mode === 'off');
    // one that had begun may still be counted
    const before = runs;
    await worker.look();
    expect(runs - before).toBeLessThanOrEqual(1);
    await expect(worker.runNow('team')).rejects.toMatchObject({ code: 'LIVESCORE_SYNC_OFF' });
  });

  it('ends a run when it is switched off in the middle', async () => {
    const { worker } = await instance([
      new SpecJob('team', async ({ signal }) => {
        await untilAborted(signal);
        return { verdict: 'partial', error: 'stopped' };
      }),
    ]);
    await soon(() => worker.status()[0]?.isRunning === true);
    await set('sync.team.enabled', 'false');
    await soon(async () => (await row('team'))?.verdict === 'partial');
  });

  it('runs what somebody asks for at once, and tells its end', async () => {
    const kinds: string[] = [];
    const job = new SpecJob('team', async ({ kind }) => completed(kinds.push(kind)));
    const { worker } = await instance([job]);
    await soon(() => kinds.length === 1);
    expect(await worker.runNow('TEAM', 'incremental')).toMatchObject({
      name: 'team',
      verdict: 'complete',
      isRunning: false,
    });
    expect(kinds).toEqual(['full', 'incremental']);
    await expect(worker.runNow('teem')).rejects.toThrow(/did you mean "team"/);
  });

  it('reads parents before their children', async () => {
    const order: string[] = [];
    const make = (name: string, after: string[]) => {
      const job = new SpecJob(name, async () => completed(order.push(name)));
      Object.defineProperty(job, 'after', { value: after });
      return job;
    };
    await instance([make('category', []), make('country', ['category']), make('team', ['country'])]);
    await soon(() => order.length === 3);
    expect(order).toEqual(['category', 'country', 'team']);
  });

  it('lets only the instance that takes the feed run what the writer must hear of', async () => {
    let runs = 0;
    const job = new SpecJob(
      'live',
      async ({ signal }) => {
        runs++;
        await untilAborted(signal);
        return { verdict: 'failed' };
      },
      false,
    );
    job.needsFeed = true;
    const one = await instance([job]);
    one.takeFeed(false);
    await one.worker.look();
    expect(runs).toBeLessThanOrEqual(1);
    const before = runs;
    one.takeFeed(true);
    await soon(() => runs > before);
    one.takeFeed(false);
    await soon(async () => Number((await row('live'))?.heartbeat_at) === 0);
  });

  it('runs a list at once that a match without a row may stand in', async () => {
    const kinds: string[] = [];
    const job = new SpecJob('recent', async ({ kind }) => completed(kinds.push(kind)), false);
    job.needsFeed = true;
    const wake$ = new Subject<string>();
    await instance([job], {}, wake$);
    await soon(() => kinds.length === 1);
    wake$.next('recent');
    await soon(() => kinds.length === 2);
  });

  it('makes every entity read everything when deletions were missed', async () => {
    const fulls: string[] = [];
    const entity = new SpecJob('team', async ({ kind }) => completed(fulls.push(kind)));
    const deleted = new SpecJob('deleted', async () => ({ verdict: 'complete', requiresFull: true }), false);
    await instance([entity, deleted], { retryAfterMs: 1_000 });
    await soon(() => fulls.length >= 2);
    expect(new Set(fulls)).toEqual(new Set(['full']));
  });

  it('stands in the registry of the host by name, and stops what the host takes away', async () => {
    let runs = 0;
    const names = new Set<string>();
    class Registry extends ScheduleRegistration {
      override async register(name: string) {
        names.add(name);
      }
      override remove(name: string) {
        names.delete(name);
      }
      override isRemoved(name: string) {
        return !names.has(name);
      }
    }
    const job = new SpecJob('team', async () => completed(runs++));
    job.schedules = [{ cron: '* * * * * *', kind: 'full' }];
    const { worker } = await instance([job], {}, undefined, new Registry());
    expect([...names]).toEqual(['livescore.sync.team']);
    await soon(() => runs > 0);
    names.clear();
    // a look that was under way may not know it yet
    await soon(async () => {
      await worker.look();
      return worker.status()[0]?.isEnabled === false;
    });
  });
});
