import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ANSWER_TIMEOUT_MS = 180_000;
const EXIT_TIMEOUT_MS = 10_000;

/** What a child can be asked: functions of one argument by name. */
export type Calls = Record<string, (argument: never) => unknown>;

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A process that answers calls. It ends with this process, however that ends. */
export class Child<Known extends { [Name in keyof Known]: (argument: never) => unknown }> {
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;

  private constructor(
    private readonly name: string,
    private readonly process: ChildProcess,
  ) {
    process.on('message', (answer: Answer) => this.hear(answer));
    process.on('error', (error) => this.fail(error));
    process.on('exit', (code, signal) => this.fail(new Error(`${name} ended (${code ?? signal})`)));
  }

  /**
   * @param program its file, relative to this one, without ending
   * @param profiles where its CPU profile goes; null for none
   */
  static start<Known extends { [Name in keyof Known]: (argument: never) => unknown }>(
    program: string,
    settings: object = {},
    profiles: string | null = null,
  ): Child<Known> {
    const flags = ['--expose-gc', ...(profiles ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [])];
    const child = fork(fileURLToPath(new URL(`./${program}.js`, import.meta.url)), {
      env: { ...process.env, BENCH_SETTINGS: JSON.stringify(settings) },
      execArgv: [...process.execArgv, ...flags],
      stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
    });
    return new Child<Known>(program, child);
  }

  /** @throws Error when the child fails, ends, or does not answer in time */
  call<Name extends keyof Known & string>(
    name: Name,
    argument: Parameters<Known[Name]>[0],
  ): Promise<Awaited<ReturnType<Known[Name]>>> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${this.name} did not answer to "${name}"`)), ANSWER_TIMEOUT_MS);
      const done = () => {
        clearTimeout(late);
        this.waiting.delete(id);
      };
      this.waiting.set(id, {
        resolve: (result) => {
          done();
          resolve(result as Awaited<ReturnType<Known[Name]>>);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      if (this.process.connected) this.process.send({ id, name, argument });
      else this.waiting.get(id)?.reject(new Error(`${this.name} is not there any more`));
    });
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, 'exit', { signal: AbortSignal.timeout(EXIT_TIMEOUT_MS) });
    if (this.process.connected) this.process.disconnect();
    await exited.catch(() => this.process.kill('SIGKILL'));
  }

  private hear({ id, result, error }: Answer): void {
    const waiting = this.waiting.get(id);
    if (error !== undefined) waiting?.reject(new Error(`${this.name}: ${error}`));
    else waiting?.resolve(result);
  }

  private fail(error: Error): void {
    for (const waiting of [...this.waiting.values()]) waiting.reject(error);
  }
}
