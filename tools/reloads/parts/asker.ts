const EVERY_MS = 50;
const TIMEOUT_MS = 10_000;

/** Asks one address again and again, as any client of a proxy does, and keeps what was no 200. */
export class Asker {
  private readonly timer: NodeJS.Timeout;
  private readonly open = new Set<Promise<void>>();
  readonly failures: string[] = [];
  answers = 0;

  constructor(private readonly url: string) {
    this.timer = setInterval(() => this.next(), EVERY_MS);
  }

  /** Resolves when every request has its answer. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.open);
  }

  private next(): void {
    const asking = this.ask();
    this.open.add(asking);
    void asking.finally(() => this.open.delete(asking));
  }

  private async ask(): Promise<void> {
    try {
      const answer = await fetch(this.url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      await answer.arrayBuffer();
      this.answers += 1;
      if (answer.status !== 200) this.failures.push(String(answer.status));
    } catch (error) {
      this.failures.push(String(error));
    }
  }
}
