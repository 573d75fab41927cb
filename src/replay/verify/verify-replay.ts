import type { Client } from 'pg';
import type { PublishTimes } from '../feed/publish-times.js';
import type { ReplaySummary } from '../replay-summary.js';
import { awaitSettled } from './await-settled.js';
import type { ClientCollector } from './client-collector.js';
import { commitLatencies } from './commit-latency.js';
import { readMatchRows } from './match-rows.js';
import { percentiles } from './percentiles.js';
import { wrongAnnouncements } from './wrong-announcements.js';
import { type ExpectedMatch, type WrongRow, wrongColumns } from './wrong-rows.js';

export type Verification = Pick<ReplaySummary, 'wrongRows' | 'goalsAnnounced' | 'duplicateAnnouncements' | 'latencyMs'>;

export interface VerifyOptions {
  readonly expected: readonly ExpectedMatch[];
  readonly database: Client;
  readonly collector: ClientCollector;
  readonly published: PublishTimes;
  readonly signal?: AbortSignal | undefined;
}

/** How long a frame that should not come is waited for, after everything that should has come. */
const GRACE_MS = 300;

/** Waits until rows and announcements have settled, then compares both with what the tournament says. */
export async function verifyReplay(options: VerifyOptions): Promise<Verification> {
  const { database, collector, expected, published, signal } = options;
  const matchIds = expected.map(({ matchId }) => matchId);
  const find = async (): Promise<WrongRow[]> => {
    const rows = await readMatchRows(database, matchIds);
    collector.assertConnected();
    return expected.flatMap((match) => [
      ...wrongColumns(match, rows.get(match.matchId)),
      ...wrongAnnouncements(match, collector.announcements.of(match.matchId)),
    ]);
  };
  const settled = await awaitSettled(find, { signal });
  const wrongRows = settled.length > 0 ? settled : await stillRight(find, signal);
  const announced = matchIds.map((matchId) => collector.announcements.of(matchId));
  return {
    wrongRows,
    goalsAnnounced: sum(announced.map(({ goals }) => goals.size)),
    duplicateAnnouncements: sum(announced.map(({ duplicates }) => duplicates)),
    latencyMs: {
      commit: percentiles(await commitLatencies(database, matchIds, published)),
      client: percentiles(clientLatencies(collector, published)),
    },
  };
}

async function stillRight(
  find: () => Promise<WrongRow[]>,
  signal: AbortSignal | undefined,
): Promise<readonly WrongRow[]> {
  const beganMs = performance.now();
  const untilGraceIsOver = async () => (performance.now() - beganMs < GRACE_MS ? ['waiting'] : []);
  await awaitSettled(untilGraceIsOver, { timeoutMs: GRACE_MS, signal });
  return find();
}

function clientLatencies(collector: ClientCollector, published: PublishTimes): number[] {
  return collector.arrivals.flatMap(({ matchId, home, away, atMs }) => {
    const publishedMs = published.ofScore(matchId, home, away);
    return publishedMs === undefined ? [] : [atMs - publishedMs];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
