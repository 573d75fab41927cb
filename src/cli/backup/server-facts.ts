import { CommandError } from '../cli.errors.js';
import type { LongClient } from './long-client.js';

/** The server, and what the role may do there. */
export interface ServerFacts {
  /** as in 15.20 */
  readonly version: string;
  readonly database: string;
  readonly role: string;
  readonly mayCreateDatabases: boolean;
  readonly encoding: string;
}

const FACTS = `
SELECT current_setting('server_version') AS version, current_database()::text AS database, current_user::text AS role,
  (r.rolcreatedb OR r.rolsuper) AS "mayCreateDatabases", pg_encoding_to_char(d.encoding)::text AS encoding
FROM pg_catalog.pg_roles r CROSS JOIN pg_catalog.pg_database d
WHERE (r.rolname = current_user) AND (d.datname = current_database())`;

export async function readServer(client: LongClient): Promise<ServerFacts> {
  const [facts] = await client.query<ServerFacts>(FACTS);
  if (!facts) throw new CommandError('LIVESCORE_NO_RIGHT', 'the role of DATABASE_URL cannot be found in pg_roles');
  return { ...facts, version: facts.version.split(' ')[0] ?? facts.version };
}

/** @throws CommandError saying how to grant it */
export function needCreateDatabase({ mayCreateDatabases, role }: ServerFacts): void {
  if (mayCreateDatabases) return;
  throw new CommandError(
    'LIVESCORE_NO_RIGHT',
    `the check reads the backup back into a scratch database, and ${role} may not create one: ALTER ROLE "${role}" CREATEDB, or add --no-check`,
  );
}
