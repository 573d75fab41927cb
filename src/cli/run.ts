import { LiveScoreError } from '../kernel/livescore.errors.js';
import { describeReceived } from '../kernel/options-received.js';
import { UsageError } from './cli.errors.js';
import type { Command, CommandOutput, Environment } from './command.js';
import { COMMANDS, overview } from './commands.js';
import { databaseReason } from './database-reason.js';
import { printableOutput } from './printing.js';
import { packageVersion } from './version.js';

/** It could not be done; 1 means that it was done and something is wrong. */
const CANNOT = 2;

/**
 * Runs one command. Failures that a user can act on are printed, not thrown.
 * @returns the exit code: 0 done, 1 something is wrong, 2 it could not be done
 */
export async function run(argv: readonly string[], env: Environment, terminal: CommandOutput): Promise<number> {
  const output = printableOutput(terminal);
  const [name, ...rest] = argv;
  const words = wordsWithoutCommand(name);
  if (words !== null) {
    output.stdout(words);
    return name === undefined ? CANNOT : 0;
  }
  try {
    const command = await loaded(name ?? '');
    if (!rest.includes('--help') && !rest.includes('-h')) return await command.run(rest, env, output);
    output.stdout(command.help);
    return 0;
  } catch (error) {
    const reason = error instanceof LiveScoreError ? error.message : databaseReason(error);
    if (reason === null) throw error;
    output.stderr(`livescore: ${reason}`);
    return CANNOT;
  }
}

function wordsWithoutCommand(name: string | undefined): string | null {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return overview();
  return name === '--version' || name === '-V' || name === 'version' ? packageVersion() : null;
}

async function loaded(name: string): Promise<Command> {
  const entry = COMMANDS.find((command) => command.name === name);
  if (entry) return entry.load();
  const { closestName } = await import('../kernel/closest-name.js');
  const close = closestName(
    name,
    COMMANDS.map((command) => command.name),
  );
  const meant = close === undefined ? '' : `: did you mean ${close}?`;
  throw new UsageError(`unknown command ${describeReceived('', name)}${meant}\nSee: livescore --help`);
}
