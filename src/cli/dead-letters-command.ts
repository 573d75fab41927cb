import type { Client } from 'pg';
import { PgLetterDesk } from '../dead-letters/adapters/pg/pg-letter-desk.js';
import type { LetterDesk, ListedLetter, MarkedLetters, RedriveProgress } from '../dead-letters/ports/letter-desk.js';
import { pause } from '../kernel/deadline.js';
import { escaped, printable } from '../kernel/printable.js';
import { REAL_TIME } from '../kernel/scheduler.js';
import { ClientDatabase } from '../postgres/adapters/pg/client-database.js';
import type { Command, CommandOutput, Environment } from './command.js';
import {
  DEAD_LETTERS_HELP,
  type DeadLettersRequest,
  type ListRequest,
  type PayloadRequest,
  type RedriveRequest,
  readDeadLettersArguments,
} from './dead-letters-arguments.js';
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
  const desk = new PgLetterDesk(new ClientDatabase(client));
  switch (request.action) {
    case 'list':
      return listLetters(request, desk, output);
    case 'payload':
      return printPayload(request, desk, output);
    case 'redrive':
      return redriveLetters(request, desk, output);
    case 'purge':
      return purgeLetters(request, client, env, output);
  }
}

const HEADINGS = ['id', 'reason', 'detail', 'match', 'bytes', 'received', 'redrives'];
const MAX_DETAIL = 60;

/** The newest letters, and the totals per reason. */
async function listLetters(
  { selection, limit, json }: ListRequest,
  desk: LetterDesk,
  { stdout, stderr }: CommandOutput,
): Promise<number> {
  const letters = await desk.list(selection, limit, null);
  const totals = (await desk.totals(selection)).map(({ waiting: _waiting, ...total }) => total);
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
  desk: LetterDesk,
  { stdout, stderr }: CommandOutput,
): Promise<number> {
  const letter = await desk.open(id);
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

const LOOK_EVERY_MS = 200;

/** Marks letters for the running host, and waits for it when asked to. */
async function redriveLetters(
  { selection, waitS, json }: RedriveRequest,
  desk: LetterDesk,
  { stdout, stderr }: CommandOutput,
): Promise<number> {
  const marked = await desk.mark(selection);
  const { ids } = marked;
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
  const progress = await finished(marked, waitS, desk);
  if (json) stdout(jsonLine({ marked: ids.length, ...progress }));
  else stdout(summaryOf(progress, ids.length));
  if (progress.waiting > 0) stderr(`No host took ${progress.waiting} of them within ${waitS} s: they wait for one.`);
  return progress.gone === ids.length ? 0 : 1;
}

async function finished(marked: MarkedLetters, waitS: number, desk: LetterDesk): Promise<RedriveProgress> {
  const deadline = REAL_TIME.monotonicMs() + waitS * 1_000;
  for (;;) {
    const progress = await desk.progress(marked);
    if (progress.waiting + progress.underWay === 0 || REAL_TIME.monotonicMs() >= deadline) return progress;
    await pause(LOOK_EVERY_MS, REAL_TIME);
  }
}

function summaryOf({ waiting, underWay, kept, gone }: RedriveProgress, marked: number): string {
  const parts = [`${gone} settled and deleted`, `${kept} tried in vain and kept`];
  if (underWay > 0) parts.push(`${underWay} under way`);
  if (waiting > 0) parts.push(`${waiting} waiting`);
  return `Of ${marked} letters: ${parts.join(', ')}.`;
}
