import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { findDatabase } from './environment.js';
import { SyncDatabase } from './sync-database.js';
import { OurSync } from './sync-ours.js';
import { PAGE_ROWS, playerList, withChanges } from './sync-players.js';
import { SyncRounds } from './sync-rounds.js';
import { OneRowByHand, type SyncSubject, UnnestByHand } from './sync-subjects.js';
import { TypeormUpsert } from './sync-typeorm.js';

const FULL = { rows: 10_000, oneRow: 500, typeorm: 2_500, fillRounds: 11, rounds: 5 };
const QUICK = { rows: 5_000, oneRow: 100, typeorm: 1_000, fillRounds: 5, rounds: 1 };
const WARM_UPS = 1;
/** What the first fill must reach. */
const LEAST = { toUnnest: 0.7, toOneRow: 8 } as const;

/** Measures how fast pages of players are stored, beside statements by hand, on a database of its own. */
export async function measureSync(quick: boolean) {
  const { rows, oneRow, typeorm, fillRounds, rounds } = quick ? QUICK : FULL;
  Logger.overrideLogger(false);
  const server = await findDatabase();
  const closers: (() => Promise<void>)[] = [() => server.stop()];
  const opened = async <T extends SyncSubject>(subject: Promise<T>): Promise<T> => {
    const open = await subject;
    closers.push(() => open.close());
    return open;
  };
  try {
    const database = await SyncDatabase.create(server.url, `livescore_sync_${randomBytes(4).toString('hex')}`);
    closers.push(() => database.drop());
    const first = playerList(rows);
    const later = withChanges(first);
    const subjects = {
      ours: await opened(OurSync.connect(database.url)),
      unnest: await opened(UnnestByHand.connect(database.url)),
      oneRow: await opened(OneRowByHand.connect(database.url)),
      typeorm: await opened(TypeormUpsert.connect(database.url)),
    };
    for (const page of first.pages) await subjects.unnest.store(page);
    await database.keepAs('first');
    for (const page of later.pages) await subjects.unnest.store(page);
    await database.keepAs('later');
    const turns = new SyncRounds(database, subjects, { first, later }, { oneRow, typeorm });
    await turns.warmUp();
    const fill = await turns.measure('fill', fillRounds, WARM_UPS);
    const unchanged = await turns.measure('unchanged', rounds, WARM_UPS);
    const tenth = await turns.measure('tenth', rounds, WARM_UPS);
    const reached = {
      toUnnest: (fill.toUnnest.median ?? 0) >= LEAST.toUnnest,
      toOneRow: (fill.toOneRow.median ?? 0) >= LEAST.toOneRow,
    };
    const parts = { fill, unchanged, tenth, least: LEAST, reached, invalid: turns.invalid };
    return { database: server.kind, rows, pageRows: PAGE_ROWS, rounds: { fill: fillRounds, others: rounds }, ...parts };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
