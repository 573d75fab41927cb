import type { CommandEntry } from './command.js';

export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly CommandEntry[];
}

/** Every command of `livescore`, in the order of the overview. */
export const COMMAND_GROUPS: readonly CommandGroup[] = [
  {
    title: 'Set up and look after',
    commands: [
      {
        name: 'migrate',
        about: "create or take back the package's tables and columns",
        actions: ['run', 'revert', 'status'],
        load: async () => (await import('./migrate-command.js')).migrateCommand,
      },
      {
        name: 'backup',
        takes: 'PATH',
        about: 'keep the needed tables in a file, and read it back to be sure',
        load: async () => (await import('./backup-command.js')).backupCommand,
      },
      {
        name: 'restore',
        takes: 'PATH',
        about: 'bring the tables of a backup back, all or none',
        load: async () => (await import('./restore-command.js')).restoreCommand,
      },
      {
        name: 'prune',
        about: 'what is kept for how long; delete what is too old now',
        load: async () => (await import('./prune-command.js')).pruneCommand,
      },
    ],
  },
  {
    title: 'Look at what runs',
    commands: [
      {
        name: 'verify',
        about: 'the success criteria against a running host: pass, fail or waiting, each with its evidence',
        load: async () => (await import('./verify-command.js')).verifyCommand,
      },
      {
        name: 'doctor',
        about: 'what keeps a host from working: database, broker, Redis, environment, all faults at once',
        load: async () => (await import('./doctor-command.js')).doctorCommand,
      },
      {
        name: 'watch',
        about: 'matches, rates, latency, feed, lease and stage, live',
        load: async () => (await import('./watch-command.js')).watchCommand,
      },
      {
        name: 'explain',
        takes: 'MATCH',
        about: 'why each of the last frames of a match was applied or not',
        load: async () => (await import('./explain-command.js')).explainCommand,
      },
      {
        name: 'minute',
        takes: 'MATCH',
        about: 'how a match comes to its minute; who writes minutes',
        load: async () => (await import('./minute-command.js')).minuteCommand,
      },
      {
        name: 'settlement',
        about: 'how predictions are settled; why one is as it is; settle a match again',
        actions: ['report', 'explain', 'redo'],
        load: async () => (await import('./settlement-command.js')).settlementCommand,
      },
      {
        name: 'sync',
        about: 'how teams, players and so on are kept; run one now, compare, pause',
        actions: ['status', 'run', 'diff', 'pause', 'resume'],
        load: async () => (await import('./sync-command.js')).syncCommand,
      },
    ],
  },
  {
    title: 'Move matches between the paths',
    commands: [
      {
        name: 'stage',
        about: 'which matches the direct path has taken over from the legacy one',
        actions: ['get', 'set', 'history'],
        load: async () => (await import('./stage-command.js')).stageCommand,
      },
      {
        name: 'pin',
        takes: 'MATCH',
        about: 'tie a match to one path',
        load: async () => (await import('./pin-command.js')).pinCommand,
      },
      {
        name: 'rollout',
        about: 'how the direct path does beside the legacy one',
        actions: ['report'],
        load: async () => (await import('./rollout-command.js')).rolloutCommand,
      },
      {
        name: 'revert',
        about: 'take back what the direct path wrote',
        load: async () => (await import('./revert-command.js')).revertCommand,
      },
    ],
  },
  {
    title: 'Put right by hand',
    commands: [
      {
        name: 'match',
        about: 'end a match by hand; matches that stand still',
        actions: ['end', 'stale'],
        load: async () => (await import('./match-command.js')).matchCommand,
      },
      {
        name: 'dead-letters',
        about: 'look at messages that did not reach their row, try them again, delete them',
        actions: ['list', 'redrive', 'purge'],
        load: async () => (await import('./dead-letters-command.js')).deadLettersCommand,
      },
      {
        name: 'foreign-writers',
        about: 'what is done about other programs that write scores',
        actions: ['get', 'set'],
        load: async () => (await import('./foreign-writers-command.js')).foreignWritersCommand,
      },
    ],
  },
  {
    title: 'Try',
    commands: [
      {
        name: 'replay',
        takes: 'FILE',
        about: 'publish a tournament as the provider would, and verify what came of it',
        load: async () => (await import('./replay-command.js')).replayCommand,
      },
      {
        name: 'completion',
        takes: 'SHELL',
        about: 'a script that completes commands and options in bash, zsh or fish',
        actions: ['bash', 'zsh', 'fish'],
        load: async () => (await import('./completion-command.js')).completionOf(COMMANDS),
      },
    ],
  },
];

export const COMMANDS: readonly CommandEntry[] = COMMAND_GROUPS.flatMap(({ commands }) => commands);

/** What `livescore --help` prints. */
export function overview(): string {
  const shown = ({ name, takes }: CommandEntry) => (takes === undefined ? name : `${name} ${takes}`);
  const width = Math.max(...COMMANDS.map((command) => shown(command).length));
  const groups = COMMAND_GROUPS.map(({ title, commands }) =>
    [title, ...commands.map((command) => `  ${shown(command).padEnd(width)}  ${command.about}`)].join('\n'),
  );
  return `livescore COMMAND [options]

${groups.join('\n\n')}

livescore COMMAND --help shows the options of a command, with examples. livescore --version shows the version.`;
}
