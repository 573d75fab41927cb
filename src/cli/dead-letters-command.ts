import type { Client } from 'pg';
import { CommandError, UsageError } from './cli.errors.js';
import type { Command, CommandOutput } from './command.js';
import { type DeadLettersRequest, readDeadLettersArguments } from './dead-letters/dead-letters-arguments.js';
import { listLetters } from './dead-letters/list-letters.js';
import { printPayload } from './dead-letters/print-payload.js';
import { purgeLetters } from './dead-letters/purge-letters.js';
import { redriveLetters } from './dead-letters/redrive-letters.js';
import { lacksSchema, openDatabase } from './open-database.js';

export const DEAD_LETTERS_HELP = `livescore dead-letters ACTION [options]

Messages of the feed that did not reach their row: malformed, unknown-match (parked until the row appears) and
cannot-be-written.

  list       show the newest, and how many are kept per reason
    --reason R        only this reason
    --match ID        only this match
    --limit N         at most N, 1 to 10000, default 50
    --payload ID      print the message of one letter instead, as it was received

  redrive    have the running host try letters again; those that succeed are deleted
    --id N            one letter
    --match ID        those of a match
    --reason R        those of a reason
    --all             all of them
    --wait S          wait up to S seconds, 1 to 3600, and tell what became of them

  purge      delete letters
    --reason R        of a reason
    --older-than AGE  received longer ago than 90s, 30m, 12h or 7d; may be combined with --reason
    --all             all of them
    --dry-run         only count

  --json     print the answer as JSON

The platform database is DATABASE_URL (postgres://…).
Exit code: 0 done, 1 nothing matched or letters are left after --wait, 2 it could not be done.`;

/** `livescore dead-letters`. */
export const deadLettersCommand: Command = async (argv, env, output) => {
  const request = readDeadLettersArguments(argv);
  if (request === null) {
    output.stdout(DEAD_LETTERS_HELP);
    return 0;
  }
  if (!env.DATABASE_URL) throw new UsageError('DATABASE_URL is not set: name the platform database in it');
  const client = await openDatabase(env.DATABASE_URL);
  try {
    return await perform(request, client, output);
  } catch (cause) {
    if (!lacksSchema(cause)) throw cause;
    const message = 'the database has no table for dead letters: run `livescore migrate` first';
    throw new CommandError('LIVESCORE_NO_DEAD_LETTERS', message, {}, { cause });
  } finally {
    await client.end();
  }
};

function perform(request: DeadLettersRequest, client: Client, output: CommandOutput): Promise<number> {
  switch (request.action) {
    case 'list':
      return listLetters(request, client, output);
    case 'payload':
      return printPayload(request, client, output);
    case 'redrive':
      return redriveLetters(request, client, output);
    case 'purge':
      return purgeLetters(request, client, output);
  }
}
