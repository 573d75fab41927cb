import { readArguments } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command, CommandEntry } from './command.js';
import { longOptions } from './completion/long-options.js';
import { type Completed, completionScript, SHELLS } from './completion/scripts.js';

const COMPLETION_HELP = `livescore completion bash|zsh|fish

Prints a script that completes the commands of livescore and their options.

Examples:
  source <(livescore completion bash)                                             # this shell
  livescore completion bash > ~/.local/share/bash-completion/completions/livescore
  livescore completion zsh > "\${fpath[1]}/_livescore"
  livescore completion fish > ~/.config/fish/completions/livescore.fish

It needs no database. Exit code: 0 printed, 2 it could not be done.`;

/** `livescore completion` of these commands. */
export const completionOf = (entries: readonly CommandEntry[]): Command => ({
  help: COMPLETION_HELP,
  run: async (argv, _env, { stdout }) => {
    const [name, ...others] = readArguments('completion', argv, {}).positionals;
    const shell = SHELLS.find((known) => known === name);
    if (!shell || others.length > 0) throw new UsageError(`say which shell: ${SHELLS.join(', ')}`, 'completion');
    const commands: Completed[] = [];
    for (const entry of entries) commands.push(await completed(entry));
    stdout(completionScript(shell, commands));
    return 0;
  },
});

async function completed({ name, about, actions = [], load }: CommandEntry): Promise<Completed> {
  return { name, about, actions, options: longOptions(name, (await load()).help) };
}
