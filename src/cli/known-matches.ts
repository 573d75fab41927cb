import type { Client } from 'pg';
import { printable } from '../kernel/printable.js';
import { CommandError } from './cli.errors.js';

const MOST_NAMED = 10;
const UNKNOWN_MATCHES = `SELECT w.id FROM unnest($1::text[]) AS w (id)
WHERE NOT EXISTS (SELECT FROM ts_matches m WHERE m.external_id = w.id)`;
const UNKNOWN_COMPETITIONS = `SELECT w.id FROM unnest($1::text[]) AS w (id)
WHERE NOT EXISTS (SELECT FROM ts_matches m WHERE m.competition_id = w.id)`;

/**
 * Keeps a command from doing nothing in silence for a match that is misspelt.
 * @param instead what to do when that is meant
 * @throws CommandError `LIVESCORE_NO_MATCH` naming the matches that are not there
 */
export function needMatches(ids: readonly string[], client: Client, instead: string): Promise<void> {
  return need({ ids, client, instead, what: 'match', code: 'LIVESCORE_NO_MATCH', unknown: UNKNOWN_MATCHES });
}

/** The same for competitions: those that a match is of. @throws CommandError `LIVESCORE_NO_COMPETITION` */
export function needCompetitions(ids: readonly string[], client: Client, instead: string): Promise<void> {
  const [what, code] = ['competition with a match', 'LIVESCORE_NO_COMPETITION'];
  return need({ ids, client, instead, what, code, unknown: UNKNOWN_COMPETITIONS });
}

/** Is there a match of that id? */
export async function isKnownMatch(id: string, client: Client): Promise<boolean> {
  return (await client.query(UNKNOWN_MATCHES, [[id]])).rows.length === 0;
}

interface Needed {
  readonly ids: readonly string[];
  readonly client: Client;
  readonly instead: string;
  readonly what: string;
  readonly code: string;
  readonly unknown: string;
}

async function need({ ids, client, instead, what, code, unknown }: Needed): Promise<void> {
  if (ids.length === 0) return;
  const { rows } = await client.query<{ id: string }>(unknown, [ids]);
  if (rows.length === 0) return;
  const named = rows.slice(0, MOST_NAMED).map(({ id }) => printable(id));
  const more = rows.length > MOST_NAMED ? ` and ${rows.length - MOST_NAMED} more` : '';
  throw new CommandError(code, `there is no ${what} ${named.join(', ')}${more}: nothing was done; ${instead}`);
}
