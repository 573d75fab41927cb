import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import type { ChangesToUndo } from './changes-to-undo.js';
import { FACTS, REVERT } from './revert-statements.js';
import { type Refusal, type RevertFacts, type TargetRow, targetRow } from './target-row.js';

const MATCHES_PER_STATEMENT = 250;
const ATTEMPTS = 10;
const PAUSE_MS = 200;

export interface MatchResult {
  readonly matchId: string;
  readonly result: 'reverted' | 'would-revert' | 'locked' | 'nothing-to-do' | Refusal;
  /** status and display score now; null when there is nothing to revert */
  readonly from: string | null;
  readonly to: string | null;
}

type Range = Extract<ChangesToUndo, { first: number }>;

/** Takes the matches back, some hundreds per statement. Rows that somebody has locked are tried again for two seconds. */
export async function revertMatches(ranges: readonly Range[], client: Client, dryRun: boolean): Promise<MatchResult[]> {
  const results: MatchResult[] = [];
  for (let n = 0; n < ranges.length; n += MATCHES_PER_STATEMENT) {
    results.push(...(await revertSome(ranges.slice(n, n + MATCHES_PER_STATEMENT), client, dryRun)));
  }
  return results;
}

async function revertSome(ranges: readonly Range[], client: Client, dryRun: boolean): Promise<MatchResult[]> {
  const results: MatchResult[] = [];
  let left = ranges;
  for (let attempt = 1; left.length > 0; attempt++) {
    const { targets, refused } = await look(left, client);
    results.push(...refused);
    if (dryRun) return [...results, ...targets.map((target) => resultOf(target, 'would-revert'))];
    const written = await write(targets, client);
    const locked = targets.filter(({ id }) => !written.has(id));
    results.push(...targets.filter(({ id }) => written.has(id)).map((target) => resultOf(target, 'reverted')));
    if (attempt === ATTEMPTS) return [...results, ...locked.map((target) => resultOf(target, 'locked'))];
    left = left.filter(({ matchId }) => locked.some(({ id }) => id === matchId));
    if (left.length > 0) await pause(PAUSE_MS);
  }
  return results;
}

async function look(ranges: readonly Range[], client: Client) {
  const input = ranges.map(({ matchId, epoch, first, last }) => ({ id: matchId, epoch, first, last }));
  const { rows } = await client.query<RevertFacts>(FACTS, [JSON.stringify(input)]);
  const atS = Math.floor(Date.now() / 1000);
  const targets: TargetRow[] = [];
  const refused: MatchResult[] = [];
  for (const facts of rows) {
    const target = targetRow(facts, atS);
    if (typeof target === 'string') refused.push({ matchId: facts.matchId, result: target, from: null, to: null });
    else targets.push(target);
  }
  return { targets, refused };
}

/** Sorted, so that it locks in the order of the writer. @returns the ids of those written */
async function write(targets: readonly TargetRow[], client: Client): Promise<ReadonlySet<string>> {
  if (targets.length === 0) return new Set();
  const sorted = [...targets].sort((a, b) => (a.id < b.id ? -1 : 1));
  const { rows } = await client.query<{ matchId: string }>(REVERT, [JSON.stringify(sorted)]);
  return new Set(rows.map(({ matchId }) => matchId));
}

function resultOf(target: TargetRow, result: MatchResult['result']): MatchResult {
  const [home, away] = target.was_shown;
  return {
    matchId: target.id,
    result,
    from: `${target.was_status} ${home}-${away}`,
    to: `${target.status} ${target.home_columns[0]}-${target.away_columns[0]}`,
  };
}
