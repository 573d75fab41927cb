import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { UpdateSink } from '../../src/contracts/update-sink.js';
import { Accounting } from '../../src/kernel/accounting.js';
import {
  type LegacyQueueItem,
  type LegacyQueueStats,
  LegacyScorePath,
} from '../../src/legacy-bridge/ports/legacy-score-path.js';
import { PostgresModule } from '../../src/postgres/postgres.module.js';
import type { RolloutSetting } from '../../src/rollout/ports/rollout-store.js';
import { RolloutModule } from '../../src/rollout/rollout.module.js';
import { RolloutState } from '../../src/rollout/routing/rollout-state.service.js';
import { ScoreWriterModule } from '../../src/score-writer/score-writer.module.js';
import { settingOf } from '../contracts/rollout-store.contract.js';
import { eventually } from '../support/eventually.js';
import { slots, KICKOFF_S as T, toUpdate } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';
import { SeededRandom } from '../support/seeded-random.js';
import { legacyQueueModule } from './legacy-queue-module.js';

guardAgainstLeaks();

const MATCHES = Array.from({ length: 20 }, (_, n) => `flip${n}`);
const GOALS = 60;
const ROUND_MS = 40;
const FLUSH_EVERY_MS = 100;

/** The platform's queue and its UPDATE, as far as the score goes. */
class LegacyQueue extends LegacyScorePath {
  readonly got = new Map<string, number[]>();
  private waiting = new Map<string, number>();
  private isFlushing = false;
  private readonly timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS);

  constructor(private readonly rows: PgScoreRows) {
    super();
  }

  override enqueue(matchId: string, { data }: LegacyQueueItem): void {
    const { home } = data as { home: { score: number } };
    this.got.set(matchId, [...(this.got.get(matchId) ?? []), home.score]);
    this.waiting.set(matchId, home.score);
  }

  override async flush(): Promise<void> {
    if (this.isFlushing || this.waiting.size === 0) return;
    this.isFlushing = true;
    const batch = this.waiting;
    this.waiting = new Map();
    for (const [matchId, goals] of batch) await this.rows.change(matchId, { status: 2, home: slots(goals) });
    this.isFlushing = false;
  }

  override getStats(): LegacyQueueStats {
    const { isFlushing } = this;
    return { queueSize: this.waiting.size, batchSize: 10, flushIntervalMs: FLUSH_EVERY_MS, isFlushing };
  }

  override stop(): void {
    clearInterval(this.timer);
  }
}

describe('stages that flip while 500 messages a second come in', () => {
  let rows: PgScoreRows;
  let queue: LegacyQueue;
  let module: TestingModule;

  beforeAll(async () => {
    rows = await PgScoreRows.open();
    for (const matchId of MATCHES) await rows.insert(matchId);
  });
  afterAll(() => rows.close());
  beforeEach(async () => {
    for (const level of ['log', 'warn'] as const) jest.spyOn(Logger.prototype, level).mockImplementation(() => {});
    queue = new LegacyQueue(rows);
    module = await Test.createTestingModule({
      imports: [
        legacyQueueModule(queue),
        PostgresModule.forRoot({ connection: rows.url }),
        ScoreWriterModule.forRoot({}),
        RolloutModule.forRoot({ moveTimeoutMs: 10_000 }),
      ],
    }).compile();
    await module.init();
  });
  afterEach(async () => {
    await module.close();
    queue.stop();
    jest.restoreAllMocks();
  });

  it('nothing is lost, doubled or out of order, and every row is right', async () => {
    const random = new SeededRandom(11);
    const [sink, state, books] = [module.get(UpdateSink), module.get(RolloutState), module.get(Accounting)];
    const fates = new Map<string, string[]>();
    const settings: Partial<RolloutSetting>[] = [
      { stage: 'legacy' },
      { stage: 'direct' },
      { stage: 'canary', percent: 50 },
      { stage: 'shadow' },
      { stage: 'direct', denyMatches: MATCHES.slice(0, 5) },
    ];
    let flips = 0;
    const startedAtMs = performance.now();
    for (let goals = 1; goals <= GOALS; goals++) {
      for (const matchId of MATCHES) {
        const told: string[] = [];
        fates.set(`${matchId} ${goals}`, told);
        books.received(1);
        const update = { ...toUpdate({ atS: T + 60 * goals, status: 2, home: slots(goals), kickoffS: T }), matchId };
        sink.submit([update], { awaitsCommit: true, concluded: (_, { kind }) => void told.push(kind) });
      }
      if (goals % 4 === 0) {
        await state.set(settingOf(random.pick(settings)), 'spec', 'flip');
        flips++;
      }
      const dueMs = startedAtMs + goals * ROUND_MS;
      await eventually(() => performance.now() >= dueMs, { what: 'the next round of messages' });
    }
    expect(flips).toBe(15);
    await eventually(() => books.inFlight().count === 0, { what: 'every update to have its fate' });
    await state.set(settingOf({ stage: 'legacy' }), 'spec', 'the end');
    await eventually(() => queue.getStats().queueSize === 0 && !queue.getStats().isFlushing, { what: 'the queue' });

    const wrong = [...fates].filter(([, { length }]) => length !== 1);
    expect(wrong).toEqual([]);
    expect(books.balance()).toMatchObject({ received: GOALS * MATCHES.length, inFlight: 0, unaccounted: 0 });
    for (const matchId of MATCHES) {
      expect([matchId, (await rows.row(matchId)).home_score_display]).toEqual([matchId, GOALS]);
      const left = [...fates].filter(([key, [fate]]) => key.startsWith(`${matchId} `) && isLeft(fate));
      expect(queue.got.get(matchId) ?? []).toEqual(left.map(([key]) => Number(key.split(' ')[1])));
      const direct = [...fates].filter(([key, [fate]]) => key.startsWith(`${matchId} `) && !isLeft(fate));
      expect(direct.every(([, [fate]]) => fate === 'applied' || fate === 'superseded')).toBe(true);
    }
    const { rows: scores } = await rows.sql.query<{ match_id: string; goals: number[] }>(
      `SELECT match_id, array_agg((after->'home'->>0)::int ORDER BY epoch, version) AS goals FROM livescore_journal GROUP BY 1`,
    );
    expect(scores).not.toEqual([]);
    for (const { goals } of scores) expect(goals).toEqual([...new Set(goals)].sort((a, b) => a - b));
  });
});

function isLeft(fate: string | undefined): boolean {
  return fate === 'legacy' || fate === 'shadow';
}
