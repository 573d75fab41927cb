import type { Environment } from '../command.js';

const VERIFIED = ['prefer', 'require', 'verify-ca'];

/** What the driver of this package takes for verified, libpq must not take for less; it has no certificates of Node's. */
export function encryptionOf(
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
