import { LiveScoreError } from '../kernel/livescore.errors.js';

/** A command that cannot do its work: wrong arguments, a file that cannot be read, a service that does not answer. */
export class CommandError extends LiveScoreError {}

export class UsageError extends CommandError {
  constructor(message: string) {
    super('LIVESCORE_CLI_USAGE', message);
  }
}

export class TournamentFileError extends CommandError {
  constructor(message: string, file?: string, cause?: unknown) {
    super('LIVESCORE_TOURNAMENT_FILE', message, file === undefined ? {} : { file }, { cause });
  }
}

export class UnreachableError extends CommandError {
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
