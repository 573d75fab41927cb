import { CommandError } from '../cli.errors.js';
import type { LongClient } from './long-client.js';
import { majorOf, type Tool } from './postgres-tools.js';

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

/** A tool reads servers up to its own version. @throws CommandError */
export function refuseOldTool(tool: Tool, toolVersion: string, { version }: Pick<ServerFacts, 'version'>): void {
  if (majorOf(toolVersion) >= majorOf(version)) return;
  throw new CommandError(
    'LIVESCORE_OLD_TOOL',
    `${tool} ${toolVersion} is older than the server, PostgreSQL ${version}: install its client tools (Debian: postgresql-client-${majorOf(version)})`,
  );
}

/** An archive is read by the version that wrote it, and later ones. @throws CommandError */
export function refuseOldReader(toolVersion: string, writer: string): void {
  if (majorOf(toolVersion) >= majorOf(writer)) return;
  throw new CommandError(
    'LIVESCORE_OLD_TOOL',
    `pg_restore ${toolVersion} is older than the pg_dump of the backup, ${writer}: install its client tools (Debian: postgresql-client-${majorOf(writer)})`,
  );
}

/** From this version on the tools write a setting that no older server knows. */
const TRANSACTION_TIMEOUT_SINCE = 17;

/** A tool may be too new, too: what it writes is then not read. @throws CommandError */
export function refuseNewTool(tool: Tool, toolVersion: string, { version }: Pick<ServerFacts, 'version'>): void {
  if (majorOf(toolVersion) < TRANSACTION_TIMEOUT_SINCE || majorOf(version) >= TRANSACTION_TIMEOUT_SINCE) return;
  throw new CommandError(
    'LIVESCORE_NEW_TOOL',
    `${tool} ${toolVersion} writes SET transaction_timeout, which PostgreSQL ${version} does not know: use the client tools of the server (Debian: postgresql-client-${majorOf(version)})`,
  );
}

/** @throws CommandError saying how to grant it */
export function needCreateDatabase({ mayCreateDatabases, role }: ServerFacts): void {
  if (mayCreateDatabases) return;
  throw new CommandError(
    'LIVESCORE_NO_RIGHT',
    `the check reads the backup back into a scratch database, and ${role} may not create one: ALTER ROLE "${role}" CREATEDB, or add --no-check`,
  );
}
