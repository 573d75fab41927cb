import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../../examples/host/package-root.js';
import { eventually } from '../../../test/support/eventually.js';
import { sizeOf } from '../../soak/process-memory.js';

const BOOT_TIMEOUT_MS = 60_000;
const ANSWER_TIMEOUT_MS = 60_000;
const EXIT_TIMEOUT_MS = 20_000;
/** A line of Nest's logger at level error; the lines that follow it are not read. */
const ERROR_LINE = /\sERROR\s(.*)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours begin with
const COLOURS = /\u001b\[[0-9;]*m/g;
/** What the provider's own refusal makes a host say. */
const TO_BE_SAID = 'The provider does not know our address';

export interface ForkSettings {
  /** compiled entry, as `tools/sync/parts/chaos-host` */
  readonly entry: string;
  /** given to it as JSON in the variable `CHAOS` */
  readonly settings: object;
  readonly logFile: string;
  readonly variables?: NodeJS.ProcessEnv;
  /** compiled modules that are loaded before it */
  readonly preload?: readonly string[];
}

/** A process of ours that says when it is ready, answers questions, and can be killed. */
export class Forked {
  private isReady = false;
  private wasEnded = false;
  private asked = 0;
  /** what it said at level error, and had no reason for */
  readonly errors: string[] = [];

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    child.on('message', (message: { ready?: true }) => {
      this.isReady ||= message.ready === true;
    });
    child.once('error', () => undefined);
    if (child.stdout) createInterface(child.stdout).on('line', (line) => this.hear(line));
    if (child.stderr) createInterface(child.stderr).on('line', (line) => this.hear(line));
  }

  static launch(name: string, { entry, settings, logFile, variables = {}, preload = [] }: ForkSettings): Forked {
    const compiled = (path: string) => join(packageRoot(), 'dist', 'app', `${path}.js`);
    const child = fork(compiled(entry), {
      execArgv: preload.flatMap((path) => ['--import', compiled(path)]),
      env: { ...process.env, NO_COLOR: '1', ...variables, CHAOS: JSON.stringify(settings) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const log = createWriteStream(logFile, { flags: 'a' });
    for (const stream of [child.stdout, child.stderr]) stream?.pipe(log, { end: false });
    child.once('exit', () => log.end());
    return new Forked(name, child);
  }

  async ready(): Promise<void> {
    await eventually(() => this.isReady || this.exited, {
      what: `${this.name} to be ready`,
      timeoutMs: BOOT_TIMEOUT_MS,
    });
    if (!this.isReady) throw new Error(`${this.name} ended before it was ready`);
  }

  /** of the operating system */
  get pid(): number {
    return this.child.pid as number;
  }

  get exited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** It ended, and nobody had asked it to. */
  get crashed(): boolean {
    return this.exited && !this.wasEnded;
  }

  /** null when it is gone */
  rssMb(): number | null {
    if (this.exited || !this.isReady) return null;
    try {
      const { rssMb } = sizeOf(this.pid);
      // a process that just died has none
      return Number.isNaN(rssMb) ? null : rssMb;
    } catch {
      return null;
    }
  }

  async ask<Answer>(question: object): Promise<Answer> {
    const id = ++this.asked;
    const answer = new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.name} did not answer`)), ANSWER_TIMEOUT_MS);
      const hear = (message: { id?: number; answer: Answer }) => {
        if (message.id !== id) return;
        clearTimeout(timer);
        this.child.off('message', hear);
        resolve(message.answer);
      };
      this.child.on('message', hear);
    });
    this.child.send({ ...question, id });
    return answer;
  }

  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  close(): Promise<void> {
    return this.end('SIGTERM');
  }

  private hear(line: string): void {
    const said = ERROR_LINE.exec(line.replace(COLOURS, ''))?.[1];
    if (said !== undefined && !said.includes(TO_BE_SAID)) this.errors.push(`${this.name}: ${said.slice(0, 200)}`);
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.wasEnded = true;
    if (this.exited) return;
    const exited = once(this.child, 'exit', { signal: AbortSignal.timeout(EXIT_TIMEOUT_MS) });
    this.child.kill(signal);
    await exited.catch(() => this.child.kill('SIGKILL'));
  }
}
