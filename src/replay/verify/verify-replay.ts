import type { Client } from 'pg';
import { pause } from '../../kernel/deadline.js';
import { REAL_TIME } from '../../kernel/scheduler.js';
import type { PublishTimes } from '../feed/publish-times.js';
import { wrongAnnouncements } from './announcements.js';
import type { ClientCollector } from './client-collector.js';
import { commitLatencies, type Percentiles, percentiles } from './latencies.js';
import { readMatchRows } from './match-rows.js';
import { untoldGoals } from './untold-goals.js';
import { type ExpectedMatch, type WrongRow, wrongColumns } from './wrong-rows.js';

/** What was found of a replay. */
export interface Verification {
  readonly wrongRows: readonly WrongRow[];
  /** goals a WebSocket client was told of */
  readonly goalsAnnounced: number;
  /** goals beyond the five that one commit tells: shown in the score only */
  readonly goalsUntold: number;
  readonly duplicateAnnouncements: number;
  /** publish → commit and publish → WebSocket client */
  readonly latencyMs: { readonly commit: Percentiles; readonly client: Percentiles };
}

export interface VerifyOptions {
  readonly expected: readonly ExpectedMatch[];
  readonly database: Client;
  readonly collector: ClientCollector;
  readonly published: PublishTimes;
  readonly signal?: AbortSignal | undefined;
}

/** How long a frame that should not come is waited for, after everything that should has come. */
const GRACE_MS = 300;
const QUIET_MS = 5_000;
const TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** Waits until rows and announcements have settled, then compares both with what the tournament says. */
export async function verifyReplay(options: VerifyOptions): Promise<Verification> {
  const { database, collector, expected, published, signal } = options;
  const matchIds = expected.map(({ matchId }) => matchId);
  const find = async (): Promise<WrongRow[]> => {
    const rows = await readMatchRows(database, matchIds);
    const untold = await untoldGoals(database, matchIds);
    collector.assertConnected();
    return expected.flatMap((match) => [
      ...wrongColumns(match, rows.get(match.matchId)),
      ...wrongAnnouncements(match, collector.announcements.of(match.matchId), untold.get(match.matchId) ?? 0),
    ]);
  };
  const settled = await settledFindings(find, signal);
  if (settled.length === 0) await pause(GRACE_MS, REAL_TIME, signal);
  const wrongRows = settled.length > 0 ? settled : await find();
  const announced = matchIds.map((matchId) => collector.announcements.of(matchId));
  return {
    wrongRows,
    goalsAnnounced: sum(announced.map(({ goals }) => goals.size)),
    goalsUntold: sum([...(await untoldGoals(database, matchIds)).values()]),
    duplicateAnnouncements: sum(announced.map(({ duplicates }) => duplicates)),
    latencyMs: {
      commit: percentiles(await commitLatencies(database, matchIds, published)),
      client: percentiles(clientLatencies(collector, published)),
    },
  };
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

/** Asks for findings until there are none, or they have not changed for 5 s, or a minute has passed. */
async function settledFindings<T>(
  find: () => Promise<readonly T[]>,
  signal: AbortSignal | undefined,
): Promise<readonly T[]> {
  const beganMs = REAL_TIME.monotonicMs();
  let changedMs = beganMs;
  let before = '';
  for (;;) {
    const findings = await find();
    const now = JSON.stringify(findings);
    const nowMs = REAL_TIME.monotonicMs();
    if (now !== before) changedMs = nowMs;
    before = now;
    if (findings.length === 0 || nowMs - changedMs >= QUIET_MS || nowMs - beganMs >= TIMEOUT_MS) return findings;
    await pause(LOOK_EVERY_MS, REAL_TIME, signal);
  }
}
