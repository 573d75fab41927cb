import { readAddress } from '../../kernel/service-address.js';
import type { Environment } from '../command.js';

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

const VERIFIED = ['prefer', 'require', 'verify-ca'];

/** What the driver of this package takes for verified, libpq must not take for less; it has no certificates of Node's. */
function encryptionOf(
  given: Readonly<Record<string, string>>,
  parameters: URLSearchParams,
  env: Environment,
): Readonly<Record<string, string>> {
  const isAsked = /^(true|1)$/.test(parameters.get('ssl') ?? '') && !parameters.has('sslmode');
  const isLeft = parameters.get('uselibpqcompat') === 'true' && parameters.has('sslmode');
  const mode = isAsked ? 'verify-full' : given.PGSSLMODE;
  const certificates = given.PGSSLROOTCERT ?? env.NODE_EXTRA_CA_CERTS ?? process.env.NODE_EXTRA_CA_CERTS;
  return {
    ...(mode === undefined ? {} : { PGSSLMODE: isLeft ? mode : modeOf(mode) }),
    ...(certificates ? { PGSSLROOTCERT: certificates } : {}),
  };
}

function modeOf(mode: string): string {
  if (mode === 'no-verify') return 'require';
  return VERIFIED.includes(mode) ? 'verify-full' : mode;
}
