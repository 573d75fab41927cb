import { sqlState } from '../../postgres/sql-state.js';

/** What OpenSSL and Node.js say of a certificate, and what to do about it. */
const ADVICE: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed: give its authority (ca), or NODE_EXTRA_CA_CERTS',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not known here: give it (ca), or NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not known here: give it (ca), or NODE_EXTRA_CA_CERTS',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not known here: give it (ca), or NODE_EXTRA_CA_CERTS',
  CERT_HAS_EXPIRED: 'the certificate has expired: renew it',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet: correct the clock of one of both',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name: use the name that it is for',
  EPROTO: 'the other side speaks no TLS, or another version: correct scheme or port',
};

/** One error, and those behind it. */
function chainOf(error: unknown): readonly unknown[] {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? [error] : [error, ...chainOf(cause)];
}

/** What to do about an error of TLS; null for every other error. */
export function tlsAdvice(error: unknown): { readonly code: string; readonly todo: string } | null {
  for (const one of chainOf(error)) {
    const code = sqlState(one) ?? '';
    const known = ADVICE[code] ?? (code.startsWith('ERR_SSL_') ? ADVICE.EPROTO : undefined);
    if (known) return { code, todo: known };
  }
  return null;
}
