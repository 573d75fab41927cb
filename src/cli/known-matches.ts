import type { Client } from 'pg';
import { printable } from '../kernel/printable.js';
import { ClientDatabase } from '../postgres/adapters/pg/client-database.js';
import { PgRolloutReads } from '../rollout/adapters/pg/pg-rollout-reads.js';
import { CommandError } from './cli.errors.js';

const MOST_NAMED = 10;

/**
 * Keeps a command from doing nothing in silence for a match that is misspelt.
 * @param instead what to do when that is meant
 * @throws CommandError `LIVESCORE_NO_MATCH` naming the matches that are not there
 */
export async function needMatches(ids: readonly string[], client: Client, instead: string): Promise<void> {
  const unknown = await readsOf(client).unknownMatches(ids);
  refuse({ unknown, instead, what: 'match', code: 'LIVESCORE_NO_MATCH' });
}

/** The same for competitions: those that a match is of. @throws CommandError `LIVESCORE_NO_COMPETITION` */
export async function needCompetitions(ids: readonly string[], client: Client, instead: string): Promise<void> {
  const unknown = await readsOf(client).unknownCompetitions(ids);
  refuse({ unknown, instead, what: 'competition with a match', code: 'LIVESCORE_NO_COMPETITION' });
}

/** Is there a match of that id? */
export async function isKnownMatch(id: string, client: Client): Promise<boolean> {
  return (await readsOf(client).unknownMatches([id])).length === 0;
}

const readsOf = (client: Client) => new PgRolloutReads(new ClientDatabase(client));

interface Unknown {
  readonly unknown: readonly string[];
  readonly instead: string;
  readonly what: string;
  readonly code: string;
}

function refuse({ unknown, instead, what, code }: Unknown): void {
  if (unknown.length === 0) return;
  const named = unknown.slice(0, MOST_NAMED).map((id) => printable(id));
  const more = unknown.length > MOST_NAMED ? ` and ${unknown.length - MOST_NAMED} more` : '';
  throw new CommandError(code, `there is no ${what} ${named.join(', ')}${more}: nothing was done; ${instead}`);
}
