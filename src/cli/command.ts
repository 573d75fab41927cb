/** Where a command writes; the process in earnest, buffers in tests. */
export interface CommandOutput {
  readonly stdout: (line: string) => void;
  readonly stderr: (line: string) => void;
  /** Asks whoever sits at the terminal for one line; absent where nobody does. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** Shows one line in the place of the one that it showed before; null takes it away. Absent where nobody watches. */
  readonly progress?: ((line: string | null) => void) | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Command {
  /** What `--help` prints. */
  readonly help: string;
  /** Runs with the arguments after its name; resolves to the exit code. */
  run(argv: readonly string[], env: Environment, output: CommandOutput): Promise<number>;
}
