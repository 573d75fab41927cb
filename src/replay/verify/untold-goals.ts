import type { Client } from 'pg';
import { goals, type Slots } from '../../domain/score.js';
import { lacksSchema } from '../../postgres/sql-state.js';

/** Goals that one commit tells clients of: a host that was held up may commit more at once, and tells the last ones. */
const MOST_TOLD = 5;

interface Score {
  readonly home: Slots | null;
  readonly away: Slots | null;
}

const SELECT_STEPS = 'SELECT match_id, before, after FROM livescore_journal WHERE match_id = ANY($1::text[])';

/** Goals of each match that clients were shown in the score and not told of one by one. None without a journal. */
export async function untoldGoals(client: Client, matchIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const untold = new Map<string, number>();
  try {
    const { rows } = await client.query<{ match_id: string; before: Score | null; after: Score }>(SELECT_STEPS, [
      matchIds,
    ]);
    for (const { match_id, before, after } of rows) {
      untold.set(match_id, (untold.get(match_id) ?? 0) + untoldBetween(before, after));
    }
  } catch (error) {
    if (!lacksSchema(error)) throw error;
  }
  return untold;
}

/** What a commit from one score to the other leaves untold. */
export function untoldBetween(before: Score | null, after: Score): number {
  return Math.max(0, goalsIn(after) - goalsIn(before) - MOST_TOLD);
}

function goalsIn(score: Score | null): number {
  return [score?.home, score?.away].reduce((sum, slots) => sum + (slots ? goals(slots) : 0), 0);
}
