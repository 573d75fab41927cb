import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const EXIT_TIMEOUT_MS = 5_000;

/** A process beside this one, its settings as one argument. It ends with this one, however that ends. */
export class Child<In, Out> {
  private readonly listeners = new Set<(message: Out) => void>();

  private constructor(private readonly process: ChildProcess) {
    process.on('message', (message) => {
      for (const listener of [...this.listeners]) listener(message as Out);
    });
  }

  /** @param program its file, relative to this one, without ending */
  static start<In, Out>(program: string, settings: object): Child<In, Out> {
    const file = fileURLToPath(new URL(`./${program}.js`, import.meta.url));
    return new Child(fork(file, [JSON.stringify(settings)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
  }

  listen(listener: (message: Out) => void): void {
    this.listeners.add(listener);
  }

  /** The first message that is such. @throws Error after `waitMs` */
  next<Wanted extends Out>(isWanted: (message: Out) => message is Wanted, waitMs: number): Promise<Wanted> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`A process said nothing for ${waitMs} ms`)), waitMs);
      const listener = (message: Out): void => {
        if (!isWanted(message)) return;
        this.listeners.delete(listener);
        clearTimeout(late);
        resolve(message);
      };
      this.listeners.add(listener);
    });
  }

  send(message: In): void {
    this.process.send(message as object);
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => this.process.once('exit', () => resolve()));
    this.process.kill('SIGTERM');
    const late = setTimeout(() => this.process.kill('SIGKILL'), EXIT_TIMEOUT_MS);
    await exited;
    clearTimeout(late);
  }
}

/** For the child itself: it has nobody to work for any more. */
export function endWithParent(): void {
  process.once('disconnect', () => process.exit(0));
}
