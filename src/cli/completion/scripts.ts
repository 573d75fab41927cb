/** A command as a shell completes it. */
export interface Completed {
  readonly name: string;
  readonly about: string;
  readonly actions: readonly string[];
  /** with their hyphens */
  readonly options: readonly string[];
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const GLOBAL = ['--help', '--version'];

/** The script that makes a shell complete `livescore`. */
export function completionScript(shell: Shell, commands: readonly Completed[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(commands);
    case 'zsh':
      return zshScript(commands);
    case 'fish':
      return fishScript(commands);
  }
}

function bashScript(commands: readonly Completed[]): string {
  const cases = commands.map(
    ({ name, actions, options }) => `    ${name}) actions='${actions.join(' ')}' options='${options.join(' ')}' ;;`,
  );
  const names = commands.map(({ name }) => name).join(' ');
  return bashFunction(names, cases);
}

const bashFunction = (names: string, cases: readonly string[]): string => `# livescore completion bash
_livescore() {
  local word=\${COMP_WORDS[COMP_CWORD]} actions='' options=''
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${names} ${GLOBAL.join(' ')}' -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif ((COMP_CWORD == 2)) && [[ -n $actions ]]; then
    COMPREPLY=($(compgen -W "$actions" -- "$word"))
  fi
}
complete -o bashdefault -o default -F _livescore livescore`;

function zshScript(commands: readonly Completed[]): string {
  const names = commands.map(({ name, about }) => `    ${quoted(`${name}:${about.replaceAll(':', '\\:')}`)}`);
  const cases = commands.map(
    ({ name, actions, options }) =>
      `    ${name}) actions=(${actions.map(quoted).join(' ')}); options=(${options.map(quoted).join(' ')}) ;;`,
  );
  return zshFunction(names, cases);
}

const zshFunction = (names: readonly string[], cases: readonly string[]): string => `#compdef livescore
# livescore completion zsh
_livescore() {
  local -a commands actions options
  commands=(
${names.join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    compadd -- ${GLOBAL.join(' ')}
    return
  fi
  case $words[2] in
${cases.join('\n')}
  esac
  if [[ $words[CURRENT] == -* ]]; then
    compadd -- $options
  elif ((CURRENT == 3)) && (($#actions)); then
    compadd -- $actions
  else
    _files
  fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _livescore "$@"
else
  compdef _livescore livescore
fi`;

function fishScript(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ name, about, actions, options }) => [
    `complete -c livescore -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
    ...actions.map((action) => `complete -c livescore -n '__fish_seen_subcommand_from ${name}' -f -a ${action}`),
    ...options.map((option) => `complete -c livescore -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`),
  ]);
  return ['# livescore completion fish', ...lines, 'complete -c livescore -n __fish_use_subcommand -l version'].join(
    '\n',
  );
}

/** As a shell takes it literally; the texts hold a single quote at most. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
