import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { PgBoardStore } from '../../src/broadcast/adapters/pg/pg-board-store.js';
import { versionOf } from '../../src/broadcast/board/told-of.js';
import { GapFiller } from '../../src/broadcast/follow/gap-filler.js';
import { JournalFollower } from '../../src/broadcast/follow/journal-follower.js';
import { type Position, positionText } from '../../src/broadcast/ports/position.js';
import type { VersionTold } from '../../src/broadcast/ports/told.js';
import { STANDARD_TIMES } from '../../src/contracts/match-times.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { PgRecentChanges } from '../../src/reannounce/adapters/pg/pg-recent-changes.js';
import { eventually } from '../support/eventually.js';
import { slots, KICKOFF_S as T } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PATIENT_POSTGRES } from '../support/patient-postgres.js';
import { PgScoreRows } from '../support/pg-score-rows.js';
import { WriterUnderTest } from '../support/writer-under-test.js';

guardAgainstLeaks();

/** An instance that hears of commits by the journal alone. */
class Follower {
  readonly told = new Map<string, VersionTold[]>();
  readonly database: PgDatabase;
  private readonly gaps: GapFiller;
  private readonly follower: JournalFollower;

  constructor(url: string) {
    this.database = new PgDatabase({ connectionString: url }, { ...PATIENT_POSTGRES, poolSize: 2 });
    const scheduler = new SystemScheduler();
    const journal = new PgRecentChanges(this.database);
    this.gaps = new GapFiller(journal, scheduler, new SystemClock());
    this.gaps.answered$.subscribe(({ matchId, versions }) => {
      for (const { version } of versions ?? []) if (version) this.take(matchId, version);
    });
    this.follower = new JournalFollower({
      store: new PgBoardStore(this.database),
      scheduler,
      pollMs: 20,
      isGateway: true,
      board: {
        positionOf: (matchId) => this.positionOf(matchId),
        matchIds: () => this.told.keys(),
        behind: (matchId, after) => this.gaps.ask(matchId, after),
        staleDetails: () => undefined,
        restored: () => {
          throw new Error('No commit was lost');
        },
      },
    });
    this.follower.start();
  }

  positionOf(matchId: string): Position | null {
    return this.told.get(matchId)?.at(-1)?.position ?? null;
  }

  async stop(): Promise<void> {
    await this.follower.stop(1_000);
    this.gaps.onApplicationShutdown();
    await this.database.close();
  }

  private take(matchId: string, version: VersionTold): void {
    const known = this.told.get(matchId) ?? [];
    this.told.set(matchId, [...known, version]);
  }
}

describe('following the journal of another process', () => {
  let rows: PgScoreRows;
  let under: WriterUnderTest;
  let follower: Follower;
  beforeAll(async () => {
    rows = await PgScoreRows.open();
  });
  beforeEach(async () => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    under = await WriterUnderTest.on(rows.store);
    follower = new Follower(rows.url);
  });
  afterEach(async () => {
    await follower.stop();
    await under.stop();
    jest.restoreAllMocks();
  });
  afterAll(() => rows.close());

  async function play(ids: readonly string[], goals: number): Promise<void> {
    for (const id of ids) await rows.insert(id);
    for (let n = 0; n <= goals; n++) {
      for (const id of ids) under.tell(id, { atS: T + n, status: 2, home: slots(n), kickoffS: T });
      await under.settled();
    }
  }

  async function expectAllTold(ids: readonly string[]): Promise<void> {
    const newest = async (id: string) => Number((await rows.row(id)).score_version);
    for (const id of ids) {
      const version = await newest(id);
      await eventually(() => follower.positionOf(id)?.version === version, { what: `${id} to be told` });
    }
    const comparable = ({ committedAt, ...told }: VersionTold) => told;
    for (const id of ids) {
      const commits = under.commits.filter(({ matchId }) => matchId === id);
      expect(follower.told.get(id)?.map(comparable)).toEqual(
        commits.map((change) => comparable(versionOf(change, STANDARD_TIMES))),
      );
    }
  }

  it('tells every version once, in order, each continuing the one before', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `followed${n}`);
    await play(ids, 15);
    await expectAllTold(ids);
    const chain = follower.told.get('followed0') ?? [];
    const previous = chain.map((told) => positionText(told.previous));
    expect(previous).toEqual(['0.0', ...chain.slice(0, -1).map(({ position }) => positionText(position))]);
  });

  it('tells them after an outage of its database connection', async () => {
    const ids = Array.from({ length: 10 }, (_, n) => `cut off${n}`);
    await play(ids, 3);
    await expectAllTold(ids);
    const query = jest.spyOn(follower.database, 'query').mockImplementation(async () => {
      throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
    });
    for (let n = 4; n <= 8; n++) {
      for (const id of ids) under.tell(id, { atS: T + n, status: 2, home: slots(n), kickoffS: T });
      await under.settled();
    }
    await eventually(() => query.mock.calls.length >= 2, { what: 'looks that fail' });
    query.mockRestore();
    await expectAllTold(ids);
  });
});
