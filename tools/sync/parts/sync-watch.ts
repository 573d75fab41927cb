import { setTimeout as sleep } from 'node:timers/promises';
import { PROVIDER_ENTITY_KINDS } from '../../../src/testing/index.js';
import { LOOKUPS } from '../model/field-mapping.js';
import type { ChaosDatabase, StatusRow } from './chaos-database.js';

/** The twelve: ten lists and two that ask about single teams. */
export const TWELVE: readonly string[] = [...PROVIDER_ENTITY_KINDS, ...LOOKUPS];

const LOOK_EVERY_MS = 250;

/** Waits until all of them pass. @returns the names that do not when the time is over */
export async function untilAll(
  database: ChaosDatabase,
  names: readonly string[],
  passes: (row: StatusRow) => boolean,
  timeoutMs: number,
): Promise<readonly string[]> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const rows = await database.status();
    const open = names.filter((name) => {
      const row = rows.find(({ entity }) => entity === name);
      return !row || !passes(row);
    });
    if (open.length === 0 || performance.now() > deadline) return open;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Asks for a run of each and waits for its complete end. @returns the names without one when the time is over */
export async function runAll(
  database: ChaosDatabase,
  names: readonly string[],
  kind: 'incremental' | 'full',
  timeoutMs: number,
): Promise<readonly string[]> {
  const askedAtMs = await database.nowMs();
  await database.want(names, kind);
  return untilAll(database, names, (row) => isCompleteSince(row, askedAtMs), timeoutMs);
}

/** A complete run began since then, and nothing is under way or wanted. */
export function isCompleteSince({ running, wanted, completeAtMs }: StatusRow, sinceMs: number): boolean {
  return !running && wanted === null && completeAtMs !== null && completeAtMs >= sinceMs;
}

/** Everything was read once, and nothing is under way. */
export function isEverComplete({ running, completeAtMs }: StatusRow): boolean {
  return !running && completeAtMs !== null;
}
