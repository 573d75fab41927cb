import { CommandError } from '../cli.errors.js';
import { majorOf, type Tool } from './postgres-tools.js';
import type { ServerFacts } from './server-facts.js';

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
