import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { UpdateSink } from '../../src/contracts/update-sink.js';
import type { MatchStatus } from '../../src/domain/match-status.js';
import { PostgresModule } from '../../src/postgres/postgres.module.js';
import { RolloutModule } from '../../src/rollout/rollout.module.js';
import { RolloutState } from '../../src/rollout/routing/rollout-state.service.js';
import { ScoreWriterModule } from '../../src/score-writer/score-writer.module.js';
import { settingOf } from '../contracts/rollout-store.contract.js';
import { eventually } from '../support/eventually.js';
import { slots, toUpdate } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgShadowRows } from '../support/pg-shadow-rows.js';
import { LateLegacyQueue } from './late-legacy-queue.js';
import { legacyQueueModule } from './legacy-queue-module.js';

guardAgainstLeaks();

const ROW = { status: 2, home: 0, away: 0, homeSlots: null, awaySlots: null };

describe('The comparison beside a legacy path in plain SQL', () => {
  let rows: PgShadowRows;
  let legacy: LateLegacyQueue;
  let app: TestingModule;

  beforeAll(async () => {
    rows = await PgShadowRows.open();
    legacy = await LateLegacyQueue.open(rows.url);
    for (const matchId of ['late', 'lossy', 'wrong']) await rows.write(matchId, ROW);
  });
  afterEach(() => app.close());
  afterAll(async () => {
    await legacy.close();
    await rows.close();
  });

  /** @param patienceMs what a legacy path that writes at last must never exceed, or what one that loses is waited for */
  async function start(patienceMs: number): Promise<void> {
    app = await Test.createTestingModule({
      imports: [
        PostgresModule.forRoot({ connection: rows.url }),
        ScoreWriterModule.forRoot({}),
        legacyQueueModule(legacy),
        RolloutModule.forRoot({
          pollMs: 100,
          legacyItems: ['score'],
          watch: { compareMs: 100, settleMs: 100, patienceMs },
        }),
      ],
    }).compile();
    app.useLogger(false);
    await app.init();
    await app.get(RolloutState).set(settingOf({ stage: 'shadow' }), 'test', 'test');
  }

  /** One frame of a match, received now. */
  const feed = (matchId: string, home: number, status: MatchStatus = 2) =>
    app.get(UpdateSink).submit([{ ...toUpdate({ atS: Date.now() / 1000, status, home: slots(home) }), matchId }]);
  const tallyOf = (matchId: string) => rows.tally(matchId);
  const consistent = (matchId: string, count: number) =>
    eventually(async () => ((await tallyOf(matchId))?.consistent ?? 0) >= count, {
      what: `${count} consistent states of ${matchId}`,
      timeoutMs: 20_000,
    });
  const goalsOf = async (matchId: string) => (await rows.goals()).filter((goal) => goal.matchId === matchId);

  it('measures how much later the legacy path writes, and writes nothing itself', async () => {
    await start(600_000);
    feed('late', 0);
    await consistent('late', 1);
    feed('late', 1);
    const saidAtMs = Date.now();
    await eventually(async () => (await goalsOf('late')).length === 1, { what: 'the goal', timeoutMs: 20_000 });
    expect(await goalsOf('late')).toEqual([expect.objectContaining({ home: 1, away: 0, legacyAtMs: null })]);
    await eventually(() => legacy.goals('late') === 1, { what: 'the legacy path to be told' });
    const writtenAfterMs = Date.now() - saidAtMs;
    await legacy.write('late');
    await consistent('late', 2);
    const [goal] = await goalsOf('late');
    const leadMs = (goal?.legacyAtMs ?? 0) - (goal?.directAtMs ?? 0);
    expect(leadMs).toBeGreaterThanOrEqual(writtenAfterMs - 5);
    expect(await tallyOf('late')).toMatchObject({ inconsistent: 0, errors: 0 });
    const { rows: journal } = await rows.sql.query('SELECT 1 FROM livescore_journal');
    expect(journal).toEqual([]);
  });

  it('finds a goal that the legacy path loses', async () => {
    await start(2_000);
    feed('lossy', 0);
    await consistent('lossy', 1);
    feed('lossy', 1);
    await eventually(async () => (await tallyOf('lossy'))?.inconsistent === 1, {
      what: 'patience to end',
      timeoutMs: 20_000,
    });
    expect((await tallyOf('lossy'))?.samples).toEqual([
      {
        at: expect.any(String),
        why: 'too-late',
        candidate: { status: 2, home: 1, away: 0 },
        row: ROW,
      },
    ]);
    feed('lossy', 2);
    await eventually(() => legacy.goals('lossy') === 2, { what: 'the legacy path to be told' });
    await legacy.write('lossy');
    await consistent('lossy', 2);
    expect((await goalsOf('lossy')).map(({ home, legacyAtMs }) => [home, legacyAtMs !== null])).toEqual([
      [1, true],
      [2, true],
    ]);
  });

  it('finds a score that the feed never said', async () => {
    await start(2_000);
    feed('wrong', 0);
    await consistent('wrong', 1);
    await rows.write('wrong', { ...ROW, home: 5 });
    const tally = await eventually(
      async () => {
        const found = await tallyOf('wrong');
        return found?.inconsistent === 1 ? found : null;
      },
      { what: 'the wrong score to be found', timeoutMs: 20_000 },
    );
    expect(tally?.samples).toEqual([expect.objectContaining({ why: 'never-said', row: { ...ROW, home: 5 } })]);
  });
});
