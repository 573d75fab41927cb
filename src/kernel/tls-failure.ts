const NOT_TRUSTED =
  'the certificate comes from an authority that is not trusted here: name it as `ca` of the connection, or in NODE_EXTRA_CA_CERTS';
const NO_TLS =
  'no TLS is spoken at that port: correct the port, turn TLS on at the server, or use the address without TLS';

const ADVICE = new Map([
  ['SELF_SIGNED_CERT_IN_CHAIN', NOT_TRUSTED],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', NOT_TRUSTED],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', NOT_TRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT', NOT_TRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', NOT_TRUSTED],
  ['CERT_SIGNATURE_FAILURE', NOT_TRUSTED],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'the certificate is for another host; connect by a name that stands in it, or have it issued for this one',
  ],
  ['CERT_HAS_EXPIRED', 'the certificate has expired: renew it at the server, and look at the clock of this machine'],
  ['CERT_NOT_YET_VALID', 'the certificate is not valid yet: look at the clock of this machine'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', NO_TLS],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', NO_TLS],
  ['EPROTO', `perhaps ${NO_TLS}`],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'the server asks for our certificate: set `cert` and `key`'],
  [
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    'the server refuses our certificate, or has none for us: set `cert` and `key`',
  ],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'the server does not trust the authority of our certificate: name it there'],
]);
/** Of Node, when the other side ends the connection before TLS is agreed. */
const ENDED_EARLY = 'Client network socket disconnected before secure TLS connection was established';
/** Of the PostgreSQL driver, which gives it no code. */
const POSTGRES_WITHOUT_TLS = 'The server does not support SSL connections';

/** Of OpenSSL, whatever else it says. */
const NOT_AGREED = `TLS could not be agreed: both sides speak other versions or ciphers, or ${NO_TLS}`;

/** Why a connection over TLS did not come about: the code where there is one, and what to do about it. */
export interface TlsFailure {
  readonly code: string | null;
  readonly todo: string;
}

/**
 * Why a connection over TLS did not come about, as its code and what to do: never the driver's words, which carry host
 * names. Null when it failed for another reason.
 */
export function tlsFailure(error: unknown): string | null {
  const failure = failureOf(error);
  if (!failure) return null;
  return failure.code === null ? failure.todo : `${failure.code}, ${failure.todo}`;
}

/** The same in its parts, of an error or of those behind it. */
export function tlsFailureBehind(error: unknown): TlsFailure | null {
  const cause = error instanceof Error ? error.cause : undefined;
  return failureOf(error) ?? (cause === undefined ? null : tlsFailureBehind(cause));
}

function failureOf(error: unknown): TlsFailure | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code: given, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const code = typeof given === 'string' ? given : null;
  if (message === POSTGRES_WITHOUT_TLS) return { code: null, todo: NO_TLS };
  if (message === ENDED_EARLY) {
    return { code, todo: `the other side ended it before TLS was agreed: perhaps ${NO_TLS}` };
  }
  if (code === null) return null;
  const todo = ADVICE.get(code) ?? (code.startsWith('ERR_SSL_') ? NOT_AGREED : null);
  return todo === null ? null : { code, todo };
}
