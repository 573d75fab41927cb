import type { Client } from 'pg';
import type { CommandOutput } from '../command.js';
import { textTable } from '../text-table.js';
import type { ListRequest } from './dead-letters-arguments.js';
import { selected } from './selected.js';

interface ListedLetter {
  readonly id: string;
  readonly reason: string;
  readonly detail: string | null;
  readonly matchId: string | null;
  readonly topic: string;
  readonly bytes: number;
  readonly receivedAt: Date;
  readonly redrives: number;
  /** an operator asked for another attempt that no host has taken yet */
  readonly waiting: boolean;
}

interface Total {
  readonly reason: string;
  readonly letters: number;
  readonly bytes: number;
}

const HEADINGS = ['id', 'reason', 'detail', 'match', 'bytes', 'received', 'redrives'];
const MAX_DETAIL = 60;

/** The newest letters, and the totals per reason. */
export async function listLetters(
  { selection, limit, json }: ListRequest,
  client: Client,
  { stdout, stderr }: CommandOutput,
): Promise<number> {
  const { text, values } = selected(selection);
  const { rows: letters } = await client.query<ListedLetter>(
    `SELECT id, reason, detail, match_id AS "matchId", topic, octet_length(payload) AS bytes,
       received_at AS "receivedAt", redrives, redrive_at IS NOT NULL AS waiting
     FROM livescore_dead_letter WHERE ${text} ORDER BY livescore_dead_letter.id DESC LIMIT $5`,
    [...values, limit],
  );
  const { rows: totals } = await client.query<Total>(
    `SELECT reason, count(*)::int AS letters, COALESCE(sum(octet_length(payload)), 0)::double precision AS bytes
     FROM livescore_dead_letter WHERE ${text} GROUP BY reason ORDER BY reason`,
    [...values],
  );
  if (json) stdout(JSON.stringify({ letters, totals }));
  else if (letters.length > 0) {
    stdout(textTable(HEADINGS, letters.map(rowOf)));
    for (const total of totals) stdout(`${total.reason}: ${total.letters} letters, ${total.bytes} bytes`);
  }
  if (letters.length > 0) return 0;
  stderr('No dead letters.');
  return 1;
}

function rowOf({ id, reason, detail, matchId, bytes, receivedAt, redrives, waiting }: ListedLetter): string[] {
  const shown = printable(detail ?? '-');
  return [
    id,
    reason,
    shown.length > MAX_DETAIL ? `${shown.slice(0, MAX_DETAIL - 1)}…` : shown,
    printable(matchId ?? '-'),
    String(bytes),
    `${receivedAt.toISOString().slice(0, 19)}Z`,
    waiting ? `${redrives}, waits` : String(redrives),
  ];
}

/** A match id comes from the feed: nothing in it may move the cursor of a terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '\uFFFD');
}
