import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
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
  const settled = await awaitSettled(find, { signal });
  const wrongRows = settled.length > 0 ? settled : await stillRight(find, signal);
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

interface SettleOptions {
  /** @default 5000 */
  readonly quietMs?: number;
  /** @default 60000 */
  readonly timeoutMs?: number;
  /** @default 100 */
  readonly pollMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks for findings until there are none, or they have not changed for `quietMs`, or `timeoutMs` have passed.
 * @returns the last findings
 */
async function awaitSettled<T>(find: () => Promise<readonly T[]>, options: SettleOptions): Promise<readonly T[]> {
  const { quietMs = 5_000, timeoutMs = 60_000, pollMs = 100, signal } = options;
  const beganMs = performance.now();
  let changedMs = beganMs;
  let before = '';
  for (;;) {
    const findings = await find();
    const now = JSON.stringify(findings);
    const nowMs = performance.now();
    if (now !== before) changedMs = nowMs;
    before = now;
    if (findings.length === 0 || nowMs - changedMs >= quietMs || nowMs - beganMs >= timeoutMs) return findings;
    await delay(pollMs, undefined, { signal });
  }
}
