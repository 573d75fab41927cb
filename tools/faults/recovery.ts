import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from './stage.js';

const LOOK_EVERY_MS = 20;

/** How long after the end of a fault. */
export interface Recovery {
  /** until the first commit, ms */
  readonly firstCommitMs: number | null;
  /** until everything that had happened by the end of the fault was in the rows, ms; null when it never was */
  readonly caughtUpMs: number | null;
}

/**
 * Begins at the end of a fault.
 * @returns null when the signal came first
 */
export async function measureRecovery(
  stage: Stage,
  matchIds: readonly string[],
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Recovery | null> {
  const { database, truth } = stage;
  const overAtMs = await database.nowMs();
  const present = await database.matches(matchIds);
  const target = [...present.keys()].map((matchId) => [matchId, truth.nthOf(matchId)] as const);
  const behind = target.filter(([matchId, nth]) => (present.get(matchId)?.home?.[4] ?? 0) < nth);
  const start = performance.now();
  let caughtUpMs: number | null = behind.length === 0 ? 0 : null;
  while (caughtUpMs === null && performance.now() - start < deadlineMs) {
    await sleep(LOOK_EVERY_MS);
    if (signal.aborted) return null;
    const rows = await database.matches(behind.map(([matchId]) => matchId));
    const isThere = behind.every(([matchId, nth]) => (rows.get(matchId)?.home?.[4] ?? 0) >= nth);
    if (isThere) caughtUpMs = Math.round(performance.now() - start);
  }
  const firstCommit = await database.firstCommitAfter(overAtMs);
  return { firstCommitMs: firstCommit === null ? null : Math.round(firstCommit - overAtMs), caughtUpMs };
}
