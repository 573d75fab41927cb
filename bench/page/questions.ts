import { setTimeout as pause } from 'node:timers/promises';
import { createLiveClient, type LiveClient } from '../../src/client/index.js';
import type { FactsSince } from '../../src/operations/facts.js';

/** as the page */
const PERIOD_MS = 1_000;
const TIMEOUT_MS = 5_000;

/** What an open page asks of the host, without a browser: that one runs on the machine of who reads. */
export class Questions {
  private readonly tookMs: number[] = [];
  private ending: AbortController | null = null;
  private asking: Promise<void> = Promise.resolve();
  private client: LiveClient | null = null;

  constructor(
    private readonly host: string,
    private readonly secret: string,
  ) {}

  start(): void {
    this.tookMs.length = 0;
    this.ending = new AbortController();
    this.client = createLiveClient({ url: `ws://${this.host}/ws`, select: { all: true } });
    this.client.start();
    this.asking = this.askOn(this.ending.signal);
  }

  /** @returns how long each question took, ms */
  async stop(): Promise<readonly number[]> {
    this.ending?.abort();
    this.client?.stop();
    await this.asking;
    return [...this.tookMs];
  }

  private async askOn(signal: AbortSignal): Promise<void> {
    let since = '';
    while (!signal.aborted) {
      const startMs = performance.now();
      const answer = await fetch(`http://${this.host}/livescore/facts${since}`, {
        headers: { 'x-internal-secret': this.secret },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!answer.ok) throw new Error(`the host answered ${answer.status} to the page's question`);
      const { nowMs } = (await answer.json()) as FactsSince;
      since = `?since=${nowMs}`;
      this.tookMs.push(performance.now() - startMs);
      await pause(PERIOD_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
