import { Test, type TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { MatchRouter } from '../../src/contracts/match-router.js';
import { UpdateSink } from '../../src/contracts/update-sink.js';
import type { MatchStatus } from '../../src/domain/match-status.js';
import { Accounting } from '../../src/kernel/accounting.js';
import { Clock } from '../../src/kernel/clock.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { PostgresModule } from '../../src/postgres/postgres.module.js';
import type { RolloutDecision, RolloutSetting } from '../../src/rollout/ports/rollout-store.js';
import { RolloutModule } from '../../src/rollout/rollout.module.js';
import { RolloutState } from '../../src/rollout/routing/rollout-state.service.js';
import { ShadowComparison } from '../../src/rollout/shadow/shadow-comparison.js';
import { RolloutController } from '../../src/rollout/watch/rollout-controller.service.js';
import type { RolloutLimits } from '../../src/rollout/watch/rollout-watch.options.js';
import { PgScoreStore } from '../../src/score-writer/adapters/pg/pg-score-store.js';
import { ScoreStore, type ScoreWrite } from '../../src/score-writer/ports/score-store.js';
import { ScoreWriterModule } from '../../src/score-writer/score-writer.module.js';
import { FakeClock } from '../../src/testing/index.js';
import { settingOf } from '../contracts/rollout-store.contract.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { KICKOFF_S, slots, toUpdate } from '../support/history.js';
import { IdleLegacyQueue, legacyQueueModule } from './legacy-queue-module.js';

/** A slow machine must not look like a slow path: times are on a clock of the spec's own. */
export const LIMITS: Partial<RolloutLimits> = { maxP95Ms: 20_000, maxFeedLagMs: 120_000 };

const MATCHES = 20;
const NEVER_MS = 3_600_000;
const HEALTHY_MS = 20;

/** What the injected faults do to the statement that writes scores. */
export class Faults {
  /** on the clock of the spec */
  latencyMs = HEALTHY_MS;
  /** matches whose changes the database refuses for good */
  readonly refused = new Set<string>();
  /** matches whose next change is written with a goal too many */
  readonly wrong = new Set<string>();
  /** SQLSTATE of so many statements to come */
  outage: { code: string; times: number } | null = null;
}

/** Real modules on PostgreSQL, the rollout among them, with faults between writer and database. */
export class RollbackApp {
  readonly decisions: RolloutDecision[] = [];
  readonly controller: RolloutController;
  readonly state: RolloutState;
  readonly shadow: ShadowComparison;
  readonly metrics: LiveScoreMetrics;
  private readonly accounting: Accounting;
  private goals = 0;

  private constructor(
    private readonly module: TestingModule,
    private readonly database: TestDatabase,
    readonly sql: pg.Client,
    readonly clock: FakeClock,
    readonly faults: Faults,
    readonly matchIds: readonly string[],
  ) {
    this.controller = module.get(RolloutController);
    this.state = module.get(RolloutState);
    this.shadow = module.get(ShadowComparison);
    this.metrics = module.get(LiveScoreMetrics);
    this.accounting = module.get(Accounting);
    this.controller.decisions$.subscribe((decision) => this.decisions.push(decision));
  }

  /** @param windowMs by default no timer fires during a spec: rounds are called */
  static async start(windowMs = NEVER_MS): Promise<RollbackApp> {
    const database = await createTestDatabase();
    const clock = new FakeClock((KICKOFF_S + 60) * 1000);
    const faults = new Faults();
    const watch = { windowMs, compareMs: 60_000, limits: LIMITS };
    const module = await Test.createTestingModule({
      imports: [
        PostgresModule.forRoot({ connection: database.url }),
        ScoreWriterModule.forRoot({ driftCheckMs: 100 }),
        legacyQueueModule(new IdleLegacyQueue()),
        RolloutModule.forRoot({ pollMs: 100, watch }),
      ],
    })
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    misbehave(module.get(ScoreStore), faults, clock);
    module.useLogger(false);
    const sql = new pg.Client(database.url);
    await sql.connect();
    const matchIds = Array.from({ length: MATCHES }, (_, n) => `match${n}`);
    await sql.query(
      `INSERT INTO ts_matches (external_id, status_id, match_time) SELECT unnest($1::text[]), 1, ${KICKOFF_S}`,
      [matchIds],
    );
    await module.init();
    return new RollbackApp(module, database, sql, clock, faults, matchIds);
  }

  async set(setting: Partial<RolloutSetting>): Promise<void> {
    if (!(await this.state.set(settingOf(setting), 'operator', 'test'))) throw new Error('The setting was not taken');
    // begins to measure; the first slice does not count
    await this.controller.round();
    await this.controller.round();
  }

  routeOf(matchId: string): string {
    return this.module.get(MatchRouter).routeOf(matchId);
  }

  /** One message about every match, one corner later than the last one, until each has its fate. */
  async feed(status: MatchStatus = 2): Promise<void> {
    this.clock.advance(1_000);
    this.goals++;
    const atS = this.clock.nowMs() / 1000;
    const home = slots(0, { corners: this.goals });
    const updates = this.matchIds.map((matchId) => ({ ...toUpdate({ atS, status, home }), matchId }));
    this.accounting.received(updates.length);
    this.module.get(UpdateSink).submit(updates);
    await eventually(() => this.accounting.inFlight().count === 0, { what: 'every update to have its fate' });
  }

  /** Until somebody has noticed that so many rows are not as they were written. */
  async noticed(count: number): Promise<void> {
    await eventually(async () => ((await this.metrics.foreignWrites.get()).values[0]?.value ?? 0) >= count, {
      what: `${count} wrong rows to be noticed`,
    });
    await eventually(() => this.accounting.inFlight().count === 0, { what: 'the rows to be put right' });
  }

  /** Slices of one message each. @returns how many it took to leave canary; null when it stays */
  async slicesUntilTakenBack(
    slices: number,
    before: () => void,
    after?: (slice: number) => Promise<void>,
  ): Promise<number | null> {
    for (let n = 1; n <= slices; n++) {
      before();
      await this.feed();
      await after?.(n);
      await this.controller.round();
      if (this.state.stage !== 'canary') return n;
    }
    return null;
  }

  async stop(): Promise<void> {
    await this.module.close();
    await this.sql.end();
    await this.database.drop();
  }
}

/** Between the writer and the database. */
function misbehave(store: ScoreStore, faults: Faults, clock: FakeClock): void {
  if (!(store instanceof PgScoreStore)) throw new Error('The store of the application is not the real one');
  const write = store.write.bind(store);
  store.write = async (writes, fence) => {
    if (faults.outage && faults.outage.times-- > 0)
      throw Object.assign(new Error('away'), { code: faults.outage.code });
    if (writes.some(({ next }) => faults.refused.has(next.matchId))) {
      throw Object.assign(new Error('the row is refused'), { code: '22003' });
    }
    clock.advance(faults.latencyMs);
    return write(
      writes.map((one) => (faults.wrong.delete(one.next.matchId) ? withGoalTooMany(one) : one)),
      fence,
    );
  };
}

function withGoalTooMany(one: ScoreWrite): ScoreWrite {
  const { next } = one;
  const home = slots(next.home[0] + 1, { corners: next.home[4] });
  return { ...one, next: { ...next, home, shown: { ...next.shown, home: next.shown.home + 1 } } };
}
