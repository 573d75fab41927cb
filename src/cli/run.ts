import { LiveScoreError } from '../shared/livescore.errors.js';
import { UsageError } from './cli.errors.js';
import type { Command, CommandOutput, Environment } from './command.js';

const HELP = `livescore COMMAND [options]

  migrate          create or take back the package's tables and columns
  replay FILE      publish a tournament as the provider would, and verify what came of it
  explain MATCH    why each of the last frames of a match was applied or not

livescore COMMAND --help shows the options of a command.`;

/** Loaded when called: each needs other packages. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  migrate: async () => {
    const { migrateCommand } = await import('./migrate.js');
    return (argv, env, { stdout }) => migrateCommand(argv, { ...env }, stdout);
  },
  replay: async () => (await import('./replay-command.js')).replayCommand,
  explain: async () => (await import('./explain-command.js')).explainCommand,
};

/** It could not be done; 1 means that it was done and something is wrong. */
const CANNOT = 2;

/**
 * Runs one command. Failures that a user can act on are printed, not thrown.
 * @returns the exit code: 0 done, 1 something is wrong, 2 it could not be done
 */
export async function run(argv: readonly string[], env: Environment, output: CommandOutput): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    output.stdout(HELP);
    return name === undefined ? CANNOT : 0;
  }
  try {
    const command = Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]?.() : undefined;
    if (!command) throw new UsageError(`unknown command "${name}"\nSee: livescore --help`);
    return await command(rest, env, output);
  } catch (error) {
    if (!(error instanceof LiveScoreError)) throw error;
    output.stderr(`livescore: ${error.message}`);
    return CANNOT;
  }
}
