import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { printable } from '../../kernel/printable.js';
import { CommandError } from '../cli.errors.js';

export type Tool = 'pg_dump' | 'pg_restore' | 'psql';

/** How a tool is run. */
export interface ToolCall {
  readonly env: Readonly<Record<string, string>>;
  /** ends the tool */
  readonly signal: AbortSignal;
  /** hears each line of its stderr */
  readonly onLine?: (line: string) => void;
}

/** A tool that runs: what goes in, what comes out, and how it ends. */
export interface RunningTool {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when it has ended well. @throws CommandError with the last it said */
  readonly done: Promise<void>;
}

const LAST_LINES = 4;
const LONGEST_LINE = 400;

/** Starts a tool of PostgreSQL. A tool that is not there fails `done`. */
export function startTool(tool: Tool, args: readonly string[], call: ToolCall): RunningTool {
  const child = spawn(tool, args, { env: call.env, signal: call.signal, stdio: ['pipe', 'pipe', 'pipe'] });
  // Who reads or writes is told by `done`.
  child.stdin.on('error', () => {});
  child.stdout.on('error', () => {});
  const done = ended(tool, child, call);
  done.catch(() => {});
  return { stdin: child.stdin, stdout: child.stdout, done };
}

/** Runs a tool to its end. @returns its stdout @throws CommandError */
export async function runTool(tool: Tool, args: readonly string[], call: ToolCall): Promise<string> {
  const { stdin, stdout, done } = startTool(tool, args, call);
  stdin.end();
  const chunks: string[] = [];
  stdout.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  await done;
  return chunks.join('');
}

/** The version of a tool, as in 15.20. @throws CommandError when it is not there */
export async function toolVersion(tool: Tool, call: ToolCall): Promise<string> {
  const [, version] = /(\d+(\.\d+)?)/.exec(await runTool(tool, ['--version'], call)) ?? [];
  if (version !== undefined) return version;
  throw new CommandError('LIVESCORE_NO_TOOL', `${tool} does not tell its version: is it the one of PostgreSQL?`);
}

export const majorOf = (version: string): number => Number.parseInt(version, 10);

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

async function ended(tool: Tool, child: Child, { signal, onLine }: ToolCall): Promise<void> {
  const last: string[] = [];
  child.stderr.setEncoding('utf8');
  let rest = '';
  child.stderr.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of lines) {
      last.push(line.slice(0, LONGEST_LINE));
      if (last.length > LAST_LINES) last.shift();
      onLine?.(line);
    }
  });
  const [exit] = await once(child, 'close').catch((error: unknown) => {
    throw signal.aborted ? new InterruptedError() : notStarted(tool, error);
  });
  if (signal.aborted) throw new InterruptedError();
  if (exit === 0) return;
  const said = [...last, rest].filter((line) => line.trim() !== '').map(printable);
  throw new CommandError('LIVESCORE_TOOL_FAILED', `${tool} failed: ${said.join(' / ') || `exit code ${exit}`}`);
}

function notStarted(tool: Tool, cause: unknown): CommandError {
  const message = `${tool} is not there: install the client tools of PostgreSQL (Debian: postgresql-client), or put them into PATH`;
  return new CommandError('LIVESCORE_NO_TOOL', message, {}, { cause });
}

/** Somebody, or the longest time, ended the command. */
export class InterruptedError extends CommandError {
  constructor(outcome = 'nothing was kept, nothing was changed') {
    super('LIVESCORE_INTERRUPTED', `interrupted: ${outcome}`);
  }
}

/** @throws InterruptedError */
export function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new InterruptedError();
}
