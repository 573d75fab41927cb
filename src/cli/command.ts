/** Where a command writes; the process in earnest, buffers in tests. */
export interface CommandOutput {
  readonly stdout: (line: string) => void;
  readonly stderr: (line: string) => void;
  /** Asks whoever sits at the terminal for one line; absent where nobody does. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** Shows one line in the place of the one that it showed before; null takes it away. Absent where nobody watches. */
  readonly progress?: ((line: string | null) => void) | undefined;
  /** Takes the whole terminal, until it is closed; absent where nobody watches. */
  readonly screen?: ((onQuit: () => void) => Screen) | undefined;
  /** Aborted when nobody reads stdout any more. */
  readonly gone?: AbortSignal | undefined;
}

/** A terminal as a whole. */
export interface Screen {
  /** as it is now: people change the size of a window */
  readonly rows: number;
  readonly columns: number;
  /** Shows lines from the top, in the place of those before. */
  draw(lines: readonly string[]): void;
  /** Gives the terminal back as it was. */
  close(): void;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Command {
  /** What `--help` prints. */
  readonly help: string;
  /** Runs with the arguments after its name; resolves to the exit code. */
  run(argv: readonly string[], env: Environment, output: CommandOutput): Promise<number>;
}

/** A command as `livescore --help`, its completion and its documentation know it, before it is loaded. */
export interface CommandEntry {
  readonly name: string;
  /** what stands behind the name in the overview, as in `FILE` */
  readonly takes?: string;
  /** one line without a full stop */
  readonly about: string;
  /** words that may stand behind the name */
  readonly actions?: readonly string[];
  /** Loads the command: each needs other packages, and the overview needs none. */
  readonly load: () => Promise<Command>;
}
