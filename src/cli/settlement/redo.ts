import type { Client } from 'pg';
import { EMPTY_PATH } from '../../domain/settlement/settlement-path.js';
import { CommandError } from '../cli.errors.js';
import { IS_COMPLETE } from './whole-journal.js';

/** What an operator can say of a match. */
export const WORDS = ['played', 'void', 'accept'] as const;

export interface OperatorWord {
  readonly says: (typeof WORDS)[number];
  readonly by: string;
  readonly reason: string | null;
}

export interface RedoneMatch {
  readonly matchId: string;
  /** null: the versions are folded again from the first one */
  readonly says: OperatorWord['says'] | null;
  /** of the match, at its last look */
  readonly predictions: number;
  /** epoch.version up to which it was settled */
  readonly settled: string;
  /** as it is set for all hosts; null: nothing is set, and their options hold */
  readonly mode: string | null;
}

/** The host's sweep takes what is due first. Who has another step in mind writes nothing. */
const DUE = 'step = (m.step + 1), next_at = to_timestamp(1)';
const RETURNING = `RETURNING (SELECT count(*)::integer FROM ai_predictions p WHERE p.match_id = m.match_id) AS predictions,
  (SELECT s.value FROM livescore_setting s WHERE s.name = 'settlement_mode') AS mode`;

const SAY = `
WITH was AS (SELECT w.match_id, w.epoch || '.' || w.version AS settled FROM livescore_settlement_match w
  WHERE w.match_id = $1::text),
redone AS (
  UPDATE livescore_settlement_match m SET words = (m.words || jsonb_build_array(jsonb_build_object(
      'atMs', round(extract(epoch FROM clock_timestamp()) * 1000), 'says', $2::text, 'by', $3::text, 'reason', $4::text))),
    ${DUE}
  WHERE m.match_id = $1::text ${RETURNING}
)
SELECT r.predictions, r.mode, was.settled FROM redone r CROSS JOIN was`;

const RESET = `
WITH was AS (SELECT w.match_id, w.epoch || '.' || w.version AS settled FROM livescore_settlement_match w
  WHERE w.match_id = $1::text),
redone AS (
  UPDATE livescore_settlement_match m SET epoch = -1, version = -1, heard = 0, path = $2::jsonb, ${DUE}
  WHERE (m.match_id = $1::text) AND ${IS_COMPLETE} ${RETURNING}
)
SELECT r.predictions, r.mode, was.settled FROM redone r CROSS JOIN was`;

const EXISTS_MATCH = 'SELECT FROM livescore_settlement_match m WHERE m.match_id = $1::text';

type RedoneRow = Omit<RedoneMatch, 'matchId' | 'says'>;

/**
 * Makes a match due: with one more word about it, or from its first version on. One statement.
 * @returns null when no prediction of the match was ever looked at
 * @throws CommandError when versions are deleted that its verdicts go by: folded without them, it would take back results
 */
export async function redo(client: Client, matchId: string, word: OperatorWord | null): Promise<RedoneMatch | null> {
  const { rows } = word
    ? await client.query<RedoneRow>(SAY, [matchId, word.says, word.by, word.reason])
    : await client.query<RedoneRow>(RESET, [matchId, JSON.stringify(EMPTY_PATH)]);
  const [row] = rows;
  if (row) return { matchId, says: word?.says ?? null, ...row };
  if (word === null && (await client.query(EXISTS_MATCH, [matchId])).rows.length > 0) throw incomplete();
  return null;
}

function incomplete(): CommandError {
  return new CommandError(
    'LIVESCORE_JOURNAL_INCOMPLETE',
    'versions of the match are deleted that its verdicts go by: it cannot be settled again from the first one',
  );
}
