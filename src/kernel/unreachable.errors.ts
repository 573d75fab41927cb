import { LiveScoreError } from './livescore.errors.js';

/** A service that cannot be used: it does not answer, refuses, or its address is none. */
export class UnreachableError extends LiveScoreError {
  constructor(service: 'MQTT broker' | 'database' | 'WebSocket' | 'host', address: string, cause: unknown) {
    super(
      'LIVESCORE_UNREACHABLE',
      `${service} at ${withoutCredentials(address)} cannot be used: ${reasonOf(cause)}`,
      { service },
      { cause },
    );
  }
}

/** A one-line reason; connection errors of Node sometimes carry their text only in `errors` or `code`. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  if (!(cause instanceof Error)) return String(cause);
  if (cause.message !== '') return cause.message;
  return 'code' in cause ? String(cause.code) : cause.name;
}

function withoutCredentials(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//');
}
