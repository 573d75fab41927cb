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

const FULL = { rows: 10_000, oneRows: 1_000, rounds: 11, warmUps: 1 };
const QUICK = { rows: 5_000, oneRows: 500, rounds: 3, warmUps: 1 };
/** What the first fill must reach. */
const LEAST = { toUnnest: 0.7, toOneRow: 8 } as const;

/** Measures how fast pages of players are stored, beside statements by hand, on a database of its own. */
export async function measureSync(quick: boolean) {
  const { rows, oneRows, rounds, warmUps } = quick ? QUICK : FULL;
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
    const turns = new SyncRounds(database, subjects, { first, later }, oneRows);
    const [fill, unchanged, tenth] = [
      await turns.measure('fill', rounds, warmUps),
      await turns.measure('unchanged', rounds, warmUps),
      await turns.measure('tenth', rounds, warmUps),
    ];
    const reached = {
      toUnnest: (fill.toUnnest.median ?? 0) >= LEAST.toUnnest,
      toOneRow: (fill.toOneRow.median ?? 0) >= LEAST.toOneRow,
    };
    const { invalid } = turns;
    return {
      database: server.kind,
      rows,
      pageRows: PAGE_ROWS,
      rounds,
      fill,
      unchanged,
      tenth,
      least: LEAST,
      reached,
      invalid,
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
