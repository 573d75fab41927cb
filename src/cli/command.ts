/** Where a command writes; the process in earnest, buffers in tests. */
export interface CommandOutput {
  readonly stdout: (line: string) => void;
  readonly stderr: (line: string) => void;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Runs with the arguments after its name; resolves to the exit code. */
export type Command = (argv: readonly string[], env: Environment, output: CommandOutput) => Promise<number>;
