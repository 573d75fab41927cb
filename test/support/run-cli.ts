import { run } from '../../src/cli/run.js';
import type { ReplaySummary } from '../../src/replay/index.js';

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** the last line of stdout, where it is a JSON object */
  readonly summary: ReplaySummary | null;
}

/** `livescore …` in this process. */
export async function runCli(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<CliResult> {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await run(argv, env, { stdout: (line) => out.push(line), stderr: (line) => err.push(line) });
  const last = out.at(-1) ?? '';
  return {
    exitCode,
    stdout: out.join('\n'),
    stderr: err.join('\n'),
    summary: last.startsWith('{') ? (JSON.parse(last) as ReplaySummary) : null,
  };
}
