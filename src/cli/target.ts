import type { Client } from 'pg';
import { printable } from '../kernel/printable.js';
import { shownAddress } from '../kernel/service-address.js';
import { lacksRight, lacksSchema } from '../postgres/sql-state.js';
import { CommandError } from './cli.errors.js';
import type { CommandOutput } from './command.js';

/** The database that a command is about to change, as it says of itself. */
export interface Target {
  readonly address: string;
  readonly database: string;
  readonly role: string;
  /** the host that takes the feed now; null when none does */
  readonly feedHolder: string | null;
}

const WHERE = 'SELECT current_database() AS database, current_user AS role';
const FEED_HOLDER = `SELECT holder FROM livescore_lease WHERE name = 'ingest' AND expires_at > clock_timestamp()`;

/** @param url as it was connected to */
export async function readTarget(client: Client, url: string): Promise<Target> {
  const { rows } = await client.query<{ database: string; role: string }>(WHERE);
  const { database = '', role = '' } = rows[0] ?? {};
  const [lease] = await rowsOf<{ holder: string }>(client, FEED_HOLDER);
  return { address: shownAddress('database', url), database, role, feedHolder: lease?.holder ?? null };
}

/** The rows of a table that need not be there, or that the role may not see: none then. */
export async function rowsOf<Row extends object>(
  client: Client,
  text: string,
  values: unknown[] = [],
): Promise<readonly Row[]> {
  try {
    return (await client.query<Row>(text, values)).rows;
  } catch (error) {
    if (lacksSchema(error) || lacksRight(error)) return [];
    throw error;
  }
}

/** What a command does to its target, for whoever has to agree. */
export interface Deed {
  /** as in "This drops 3 tables with 5 rows" */
  readonly words: string;
  /** said with `--yes` */
  readonly agreed: boolean;
}

/**
 * Shows where a command is about to do what, and has it agreed to: by `--yes`, or by the name of the database typed at the
 * terminal.
 * @throws CommandError `LIVESCORE_NOT_CONFIRMED` when nobody agreed; nothing was done
 */
export async function confirm(target: Target, { words, agreed }: Deed, output: CommandOutput): Promise<void> {
  const { address, database, role, feedHolder } = target;
  output.stderr(`Database ${printable(database)} at ${address}, as ${printable(role)}. ${printable(words)}`);
  if (feedHolder !== null) output.stderr(`A host takes the feed into it now: ${printable(feedHolder)}`);
  if (agreed) return;
  if (!output.ask) throw new NotConfirmedError('add --yes if this is the database you mean');
  const answer = await output.ask(`Type ${printable(database)} to go on: `);
  if (answer.trim() !== database) throw new NotConfirmedError('that is not its name');
}

/**
 * Keeps a command from taking away what a running host stands on.
 * @throws CommandError `LIVESCORE_HOST_RUNS` unless forced
 */
export function refuseBesideHost({ address, database, feedHolder }: Target, forced: boolean): void {
  if (feedHolder === null || forced) return;
  throw new CommandError(
    'LIVESCORE_HOST_RUNS',
    `a host takes the feed into ${printable(database)} at ${address} now (${printable(feedHolder)}): stop it first, or add --force; nothing was done`,
  );
}

class NotConfirmedError extends CommandError {
  constructor(what: string) {
    super('LIVESCORE_NOT_CONFIRMED', `not confirmed: ${what}; nothing was done`);
  }
}
