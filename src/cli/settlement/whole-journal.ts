import type { Client } from 'pg';
import { type StepJson, toSteps } from '../../settlement/adapters/pg/journal-step.js';
import { IS_COMPLETE } from '../../settlement/adapters/pg/redo-statements.js';
import type { UnsettledMatch } from '../../settlement/ports/prediction-repository.js';

const STEPS = `
SELECT j.epoch, j.version::float8 AS version, j.source, j.before, j.after, j.provider_time::float8 AS "providerTimeS",
  round(extract(epoch FROM j.committed_at) * 1000)::float8 AS "atMs"
FROM livescore_journal j WHERE j.match_id = $1::text ORDER BY j.epoch, j.version`;

/** Every version of a match, in order, and the state before the first one. */
export async function readWholeJournal(
  client: Client,
  matchId: string,
): Promise<Pick<UnsettledMatch, 'steps' | 'before'>> {
  const { rows } = await client.query<StepJson>(STEPS, [matchId]);
  return toSteps(rows);
}

/** Is the journal of a match as long as the settlement has known it? */
export async function isJournalComplete(client: Client, matchId: string): Promise<boolean> {
  const { rows } = await client.query<{ complete: boolean }>(`SELECT ${IS_COMPLETE} AS complete`, [matchId]);
  return rows[0]?.complete ?? false;
}
