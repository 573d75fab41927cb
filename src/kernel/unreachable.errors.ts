import { LiveScoreError } from './livescore.errors.js';
import { isAddress, type Service, shownAddress, UnreadableAddressError } from './service-address.js';
import { tlsFailure } from './tls-failure.js';

/**
 * A service that cannot be used: it does not answer, refuses, or its address is none. Of an address that cannot be read
 * nothing is repeated, nor what a driver says about it.
 */
export class UnreachableError extends LiveScoreError {
  constructor(service: Service, address: string, cause: unknown) {
    const told = isAddress(service, address) ? cause : new UnreadableAddressError(service);
    super(
      'LIVESCORE_UNREACHABLE',
      `${service} at ${shownAddress(service, address)} cannot be used: ${reasonOf(told)}`,
      { service },
      { cause: told },
    );
  }
}

/** A one-line reason; connection errors of Node sometimes carry their text only in `errors` or `code`. */
export function reasonOf(cause: unknown): string {
  const tls = tlsFailure(cause);
  if (tls) return tls;
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  if (!(cause instanceof Error)) return String(cause);
  if (cause.message !== '') return cause.message;
  return 'code' in cause ? String(cause.code) : cause.name;
}
