import { LiveScoreError } from '../kernel/livescore.errors.js';
import { describeReceived } from '../kernel/options-received.js';
import { sqlState } from '../postgres/sql-state.js';
import { UsageError } from './cli.errors.js';
import type { Command, CommandOutput, Environment } from './command.js';
import { printableOutput } from './printing.js';

const HELP = `livescore COMMAND [options]

  migrate          create or take back the package's tables and columns
  replay FILE      publish a tournament as the provider would, and verify what came of it
  explain MATCH    why each of the last frames of a match was applied or not
  dead-letters     look at messages that did not reach their row, try them again, delete them
  stage            which matches the direct path has taken over from the legacy one
  pin MATCH        tie a match to one path
  rollout report   how the direct path does beside the legacy one
  revert           take back what the direct path wrote
  match end        end a match by hand; matches that stand still
  minute MATCH     how a match comes to its minute; who writes minutes
  settlement       how predictions are settled; why one is as it is; settle a match again
  sync             how teams, players and so on are kept; run one now, compare, pause
  foreign-writers  what is done about other programs that write scores

livescore COMMAND --help shows the options of a command.`;

/** Loaded when called: each needs other packages. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  migrate: async () => (await import('./migrate-command.js')).migrateCommand,
  replay: async () => (await import('./replay-command.js')).replayCommand,
  'dead-letters': async () => (await import('./dead-letters-command.js')).deadLettersCommand,
  stage: async () => (await import('./stage-command.js')).stageCommand,
  pin: async () => (await import('./pin-command.js')).pinCommand,
  rollout: async () => (await import('./rollout-command.js')).rolloutCommand,
  revert: async () => (await import('./revert-command.js')).revertCommand,
  'foreign-writers': async () => (await import('./foreign-writers-command.js')).foreignWritersCommand,
  match: async () => (await import('./match-command.js')).matchCommand,
  minute: async () => (await import('./minute-command.js')).minuteCommand,
  settlement: async () => (await import('./settlement-command.js')).settlementCommand,
  sync: async () => (await import('./sync-command.js')).syncCommand,
  explain: async () => (await import('./explain-command.js')).explainCommand,
};

/** It could not be done; 1 means that it was done and something is wrong. */
const CANNOT = 2;

/**
 * Runs one command. Failures that a user can act on are printed, not thrown.
 * @returns the exit code: 0 done, 1 something is wrong, 2 it could not be done
 */
export async function run(argv: readonly string[], env: Environment, terminal: CommandOutput): Promise<number> {
  const output = printableOutput(terminal);
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    output.stdout(HELP);
    return name === undefined ? CANNOT : 0;
  }
  try {
    const command = Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]?.() : undefined;
    if (!command) throw new UsageError(`unknown command ${describeReceived('', name)}\nSee: livescore --help`);
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

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** What a database says when it refuses is for whoever sits at the terminal; where in our code it came up is not. */
function databaseReason(error: unknown): string | null {
  const code = sqlState(error);
  if (code === null || !SQLSTATE.test(code) || !(error instanceof Error)) return null;
  return `the database answered ${code}: ${error.message}`;
}
