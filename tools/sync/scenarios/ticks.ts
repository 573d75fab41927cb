import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '../../../test/support/seeded-random.js';
import { checkTicks, type RunRecord } from '../checks/tick-check.js';
import { ChaosDatabase } from '../parts/chaos-database.js';
import { Forked } from '../parts/forked.js';
import { Findings, type Outcome } from '../parts/outcome.js';
import type { World } from '../parts/world.js';
import { CLOCK_VARIABLE } from '../ticks/skewed-clock.js';
import type { TickPlan } from '../ticks/tick-plan.js';
import { PERIOD_S } from '../ticks/tick-plan.js';
import type { TickWorkerSettings } from '../ticks/tick-worker.js';

/** Clocks of the three machines, ms beside the true time. */
const SKEWS_MS = [-90_000, 0, 90_000] as const;
const MOST_JOBS = 150;
const WORK_MS = 300;
const RESTART_AFTER_MS = 2_000;
/** A tick of the end may have to be taken over from a dead instance. */
const GRACE_MS = 20_000;

const CREATE = `
  CREATE TABLE chaos_run (entity text NOT NULL, tick_at timestamptz, run_id uuid PRIMARY KEY, pid integer NOT NULL,
    began_at timestamptz NOT NULL DEFAULT clock_timestamp(), done_at timestamptz)`;
const RUNS = `
  SELECT entity, (extract(epoch FROM tick_at) * 1000)::float8 AS "tickAtMs", pid,
         (extract(epoch FROM began_at) * 1000)::float8 AS "beganAtMs",
         (extract(epoch FROM done_at) * 1000)::float8 AS "doneAtMs"
    FROM chaos_run ORDER BY began_at`;

const BUSY = `SELECT pid FROM chaos_run WHERE done_at IS NULL AND began_at > clock_timestamp() - interval '1 second'`;
const BUSY_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 20;

/** Three instances whose clocks are minutes apart, killed and started again: each tick is done once. */
export async function ticks(world: World): Promise<Outcome> {
  const { options, say } = world;
  const findings = new Findings('ticks');
  const database = await ChaosDatabase.create();
  world.cleanup.add(() => database.drop());
  const plan: TickPlan = { jobs: Math.min(MOST_JOBS, options.ticks), workMs: WORK_MS };
  const workers = new TickWorkers(world, database, plan);
  try {
    await database.rows(CREATE);
    await workers.startAll();
    const fromMs = await database.nowMs();
    // one period too many: the first and the last one are cut
    const lengthMs = (Math.ceil(options.ticks / plan.jobs) * PERIOD_S + 2) * 1_000;
    say(`ticks: ${plan.jobs} jobs every ${PERIOD_S} s for ${lengthMs / 1_000} s`);
    const killed = await workers.killOnTheWay(options.tickKills, lengthMs);
    const toMs = await database.nowMs();
    const check = async () => checkTicks(plan.jobs, fromMs, toMs, await database.rows<RunRecord>(RUNS), killed);
    const graceEndsMs = performance.now() + GRACE_MS;
    while ((await check()).missing.length > 0 && performance.now() < graceEndsMs) await sleep(500);
    await workers.close();
    const runs = await database.rows<RunRecord>(RUNS);
    const { expected, once, missing, merged, twice, repeated } = await check();
    findings.fact('kills', killed.size);
    findings.fact('ticks', expected);
    findings.fact('once', once);
    findings.expect(expected >= options.ticks, `only ${expected} of ${options.ticks} ticks fell into the time`);
    findings.none('ticks missing', missing);
    findings.none('ticks merged into a run that a dead instance held', merged);
    findings.none('ticks done twice', twice);
    findings.fact('repeated because the instance was killed between its work and its end', repeated);
    findings.fact('runs taken over', runs.filter(({ doneAtMs }) => doneAtMs === null).length);
    findings.fact('done by each clock', workers.shares(runs));
    const [claims] = await database.rows<{ claimed: number; known: number }>(
      `SELECT sum(s.ticks)::integer AS claimed,
              (SELECT count(*)::integer FROM (SELECT DISTINCT entity, tick_at FROM chaos_run WHERE tick_at IS NOT NULL) k) AS known
         FROM livescore_sync_status s`,
    );
    findings.fact('claims', claims);
    findings.expect(claims?.claimed === claims?.known, 'a tick was claimed more often than once');
    findings.none('instances that ended on their own', workers.crashed);
    findings.none('errors in their logs', workers.errors);
  } finally {
    await workers.close();
    await database.drop();
  }
  return findings.end();
}

/** The three instances. */
class TickWorkers {
  private readonly current: Forked[] = [];
  private readonly skewOf = new Map<number, number>();
  private readonly launched: Forked[] = [];

  constructor(
    private readonly world: World,
    private readonly database: ChaosDatabase,
    private readonly plan: TickPlan,
  ) {}

  async startAll(): Promise<void> {
    await Promise.all(SKEWS_MS.map((_, nth) => this.start(nth)));
  }

  /** @returns process → when it was killed, database clock, unix ms */
  async killOnTheWay(kills: number, lengthMs: number): Promise<ReadonlyMap<number, number>> {
    const random = new SeededRandom(this.world.options.seed);
    const killed = new Map<number, number>();
    const endMs = performance.now() + lengthMs;
    const everyMs = lengthMs / (kills + 1);
    for (let kill = 0; kill < kills; kill++) {
      await sleep(Math.max(0, everyMs * (0.6 + 0.4 * random.next()) - RESTART_AFTER_MS));
      const nth = (await this.busyOne()) ?? random.below(SKEWS_MS.length);
      const worker = this.current[nth] as Forked;
      await worker.kill();
      killed.set(worker.pid, await this.database.nowMs());
      await sleep(RESTART_AFTER_MS);
      await this.start(nth);
    }
    await sleep(Math.max(0, endMs - performance.now()));
    return killed;
  }

  /** Work that was done, by the clock of who did it. */
  shares(runs: readonly RunRecord[]): Readonly<Record<string, number>> {
    const shares: Record<string, number> = {};
    for (const { pid, doneAtMs } of runs) {
      if (doneAtMs === null) continue;
      const clock = `${(this.skewOf.get(pid) ?? Number.NaN) / 1_000} s`;
      shares[clock] = (shares[clock] ?? 0) + 1;
    }
    return shares;
  }

  /** instances that ended on their own */
  get crashed(): readonly string[] {
    return this.launched.flatMap((worker) => (worker.crashed ? [worker.name] : []));
  }

  get errors(): readonly string[] {
    return this.launched.flatMap((worker) => worker.errors);
  }

  async close(): Promise<void> {
    await Promise.all(this.current.splice(0).map((worker) => worker.close()));
  }

  /** An instance that is in the middle of a tick; null when none is for a while. */
  private async busyOne(): Promise<number | null> {
    const deadlineMs = performance.now() + BUSY_WITHIN_MS;
    while (performance.now() < deadlineMs) {
      const rows = await this.database.rows<{ pid: number }>(BUSY);
      const nth = this.current.findIndex((worker) => rows.some(({ pid }) => pid === worker.pid));
      if (nth >= 0) return nth;
      await sleep(LOOK_EVERY_MS);
    }
    return null;
  }

  private async start(nth: number): Promise<void> {
    const skewMs = SKEWS_MS[nth] ?? 0;
    const worker = Forked.launch(`worker ${nth}`, {
      entry: 'tools/sync/ticks/tick-worker',
      settings: { databaseUrl: this.database.url, plan: this.plan } satisfies TickWorkerSettings,
      logFile: join(this.world.logDirectory, `worker-${nth}.log`),
      variables: { [CLOCK_VARIABLE]: String(skewMs) },
      preload: ['tools/sync/ticks/skewed-clock'],
    });
    this.current[nth] = worker;
    this.launched.push(worker);
    this.skewOf.set(worker.pid, skewMs);
    await worker.ready();
  }
}
