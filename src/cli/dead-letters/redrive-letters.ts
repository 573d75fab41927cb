import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import type { CommandOutput } from '../command.js';
import type { RedriveRequest } from './dead-letters-arguments.js';
import { selected } from './selected.js';

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
export async function redriveLetters(
  { selection, waitS, json }: RedriveRequest,
  client: Client,
  { stdout, stderr }: CommandOutput,
): Promise<number> {
  const { ids, markedAt } = await mark(selection, client);
  if (ids.length === 0) {
    if (json) stdout(JSON.stringify({ marked: 0 }));
    stderr('No dead letter matched.');
    return 1;
  }
  if (waitS === null) {
    if (json) stdout(JSON.stringify({ marked: ids.length }));
    else
      stdout(
        `Marked ${ids.length} letters. The host that takes the feed tries them within seconds; without one they wait.`,
      );
    return 0;
  }
  const progress = await finished(ids, markedAt, waitS, client);
  if (json) stdout(JSON.stringify({ marked: ids.length, ...progress }));
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
