import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { escaped, printable } from '../kernel/printable.js';
import type { Command, CommandOutput, Environment } from './command.js';
import {
  DEAD_LETTERS_HELP,
  type DeadLettersRequest,
  type ListRequest,
  type PayloadRequest,
  type RedriveRequest,
  readDeadLettersArguments,
} from './dead-letters-arguments.js';
import { selected } from './letter-selection.js';
import { type NeededTables, withDatabase } from './platform-database.js';
import { jsonLine, textTable, timeText } from './printing.js';
import { purgeLetters } from './purge-letters.js';

const LETTERS_TABLE: NeededTables = {
  code: 'LIVESCORE_NO_DEAD_LETTERS',
  lack: 'the database has no table for dead letters',
};

/** `livescore dead-letters`. */
export const deadLettersCommand: Command = {
  help: DEAD_LETTERS_HELP,
  run: async (argv, env, output) => {
    const request = readDeadLettersArguments(argv);
    return withDatabase(env, LETTERS_TABLE, (client) => perform(request, client, env, output));
  },
};

function perform(
  request: DeadLettersRequest,
  client: Client,
  env: Environment,
  output: CommandOutput,
): Promise<number> {
  switch (request.action) {
    case 'list':
      return listLetters(request, client, output);
    case 'payload':
      return printPayload(request, client, output);
    case 'redrive':
      return redriveLetters(request, client, output);
    case 'purge':
      return purgeLetters(request, client, env, output);
  }
}

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
async function listLetters(
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
  if (json) stdout(jsonLine({ letters, totals }));
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
    timeText(receivedAt.getTime()),
    waiting ? `${redrives}, waits` : String(redrives),
  ];
}

/** The message of one letter as text; with `--json` in base64, byte by byte. */
async function printPayload(
  { id, json }: PayloadRequest,
  client: Client,
  { stdout, stderr }: CommandOutput,
): Promise<number> {
  const { rows } = await client.query<{ readonly topic: string; readonly payload: Buffer }>(
    'SELECT topic, payload FROM livescore_dead_letter WHERE id = $1',
    [id],
  );
  const [letter] = rows;
  if (!letter) {
    stderr(`There is no dead letter ${id}.`);
    return 1;
  }
  const { topic, payload } = letter;
  stdout(
    json
      ? jsonLine({ id, topic, payload: payload.toString('base64') })
      : payload.toString('utf8').split('\n').map(escaped).join('\n'),
  );
  return 0;
}

/** What became of marked letters so far. */
interface Progress {
  /** no host has taken them */
  readonly waiting: number;
  /** taken, not told of yet */
  readonly underWay: number;
  /** tried in vain: they stay */
  readonly kept: number;
  /** brought to their rows and deleted */
  readonly gone: number;
}

const LOOK_EVERY_MS = 200;

/** Marks letters for the running host, and waits for it when asked to. */
async function redriveLetters(
  { selection, waitS, json }: RedriveRequest,
  client: Client,
  { stdout, stderr }: CommandOutput,
): Promise<number> {
  const { ids, markedAt } = await mark(selection, client);
  if (ids.length === 0) {
    if (json) stdout(jsonLine({ marked: 0 }));
    stderr('No dead letter matched.');
    return 1;
  }
  if (waitS === null) {
    if (json) stdout(jsonLine({ marked: ids.length }));
    else
      stdout(
        `Marked ${ids.length} letters. The host that takes the feed tries them within seconds; without one they wait.`,
      );
    return 0;
  }
  const progress = await finished(ids, markedAt, waitS, client);
  if (json) stdout(jsonLine({ marked: ids.length, ...progress }));
  else stdout(summaryOf(progress, ids.length));
  if (progress.waiting > 0) stderr(`No host took ${progress.waiting} of them within ${waitS} s: they wait for one.`);
  return progress.gone === ids.length ? 0 : 1;
}

async function mark(selection: RedriveRequest['selection'], client: Client) {
  const { text, values } = selected(selection);
  const { rows } = await client.query<{ readonly id: string; readonly marked_at: string }>(
    `UPDATE livescore_dead_letter SET redrive_at = now() WHERE ${text} RETURNING id, redrive_at::text AS marked_at`,
    [...values],
  );
  return { ids: rows.map(({ id }) => id), markedAt: rows[0]?.marked_at ?? '' };
}

async function finished(ids: readonly string[], markedAt: string, waitS: number, client: Client): Promise<Progress> {
  const deadline = performance.now() + waitS * 1_000;
  for (;;) {
    const progress = await look(ids, markedAt, client);
    if (progress.waiting + progress.underWay === 0 || performance.now() >= deadline) return progress;
    await pause(LOOK_EVERY_MS);
  }
}

/** A letter that stays is buried anew, with what was found. */
async function look(ids: readonly string[], markedAt: string, client: Client): Promise<Progress> {
  const { rows } = await client.query<Omit<Progress, 'gone'>>(
    `SELECT count(*) FILTER (WHERE redrive_at IS NOT NULL)::int AS waiting,
       count(*) FILTER (WHERE redrive_at IS NULL AND buried_at <= $2::timestamptz)::int AS "underWay",
       count(*) FILTER (WHERE redrive_at IS NULL AND buried_at > $2::timestamptz)::int AS kept
     FROM livescore_dead_letter WHERE id = ANY($1::bigint[])`,
    [ids, markedAt],
  );
  const { waiting, underWay, kept } = rows[0] ?? { waiting: 0, underWay: 0, kept: 0 };
  return { waiting, underWay, kept, gone: ids.length - waiting - underWay - kept };
}

function summaryOf({ waiting, underWay, kept, gone }: Progress, marked: number): string {
  const parts = [`${gone} settled and deleted`, `${kept} tried in vain and kept`];
  if (underWay > 0) parts.push(`${underWay} under way`);
  if (waiting > 0) parts.push(`${waiting} waiting`);
  return `Of ${marked} letters: ${parts.join(', ')}.`;
}
