import { readAddress } from '../../kernel/service-address.js';
import type { Environment } from '../command.js';
import { encryptionOf } from './tool-encryption.js';

/** What the tools of PostgreSQL may see of this process's environment, beside the variables of libpq. */
const PASSED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
/** Parameters of an address, and what libpq calls them in the environment. */
const PARAMETERS: Readonly<Record<string, string>> = {
  host: 'PGHOST',
  port: 'PGPORT',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  passfile: 'PGPASSFILE',
};

/**
 * The environment that leads the tools of PostgreSQL to a database. Address, user and password go by it alone: arguments are
 * visible to everybody on the machine.
 * @throws UnreadableAddressError
 */
export function toolEnvironment(url: string, env: Environment): Readonly<Record<string, string>> {
  const { hostname, port, username, password, pathname, searchParams } = readAddress('database', url);
  const given: Record<string, string> = { PGAPPNAME: 'livescore', PGCONNECT_TIMEOUT: '10' };
  for (const [name, value] of Object.entries({ ...process.env, ...env })) {
    if (value !== undefined && (PASSED.includes(name) || name.startsWith('PG'))) given[name] = value;
  }
  if (hostname !== '') given.PGHOST = hostname.replace(/^\[(.*)\]$/, '$1');
  if (port !== '') given.PGPORT = port;
  if (username !== '') given.PGUSER = decodeURIComponent(username);
  if (password !== '') given.PGPASSWORD = decodeURIComponent(password);
  if (pathname.length > 1) given.PGDATABASE = decodeURIComponent(pathname.slice(1));
  for (const [name, value] of searchParams) {
    const variable = PARAMETERS[name];
    if (variable !== undefined) given[variable] = value;
  }
  return { ...given, ...encryptionOf(given, searchParams, env) };
}
