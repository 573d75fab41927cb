import { LiveScoreError } from '../kernel/livescore.errors.js';

/** A command that cannot do its work. */
export class CommandError extends LiveScoreError {}

/** A command that is called in a way it does not know; with a name, whose help says more. */
export class UsageError extends CommandError {
  constructor(message: string, command?: string) {
    super('LIVESCORE_CLI_USAGE', command === undefined ? message : `${message}\nSee: livescore ${command} --help`);
  }
}
