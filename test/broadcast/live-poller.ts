import type { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { MatchView } from '../../src/broadcast/ports/match-frames.js';
import { type Position, readPosition } from '../../src/broadcast/ports/position.js';
import { type LiveReply, liveGet } from './live-get.js';

const LEAST_PERIOD_MS = 1_000;
const RETRY_MS = { least: 500, spread: 1_000 };

export interface PollerWatch {
  /** it has a newer version now */
  newer(version: number): void;
  /** what it was answered and should not have been */
  wrong(what: string): void;
}

/** A client of docs/live-http.md for one match, whose home goals are its version. */
export class LivePoller {
  version = 0;
  answers = 0;
  private since: string | undefined;

  constructor(
    private readonly url: string,
    private readonly agent: Agent,
    private readonly watch: PollerWatch,
  ) {}

  /** Until the signal is aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const begunAtMs = performance.now();
      const isNewer = await this.ask(signal);
      const waitMs = begunAtMs + LEAST_PERIOD_MS - performance.now();
      if (!isNewer && waitMs > 0) await pause(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns has it a newer version? */
  private async ask(signal: AbortSignal): Promise<boolean> {
    const url = this.since === undefined ? this.url : `${this.url}?since=${this.since}`;
    try {
      const reply = await liveGet(url, { agent: this.agent, signal });
      this.answers += 1;
      if (reply.status === 200) return this.take(reply);
      this.watch.wrong(`status ${reply.status}`);
    } catch (error) {
      if (!signal.aborted) this.watch.wrong(error instanceof Error ? error.message : String(error));
    }
    const waitMs = RETRY_MS.least + Math.random() * RETRY_MS.spread;
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
    return false;
  }

  private take({ text, headers }: LiveReply): boolean {
    const { position, homeScore }: MatchView = JSON.parse(text);
    const { version } = readPosition(position) as Position;
    if (homeScore !== version) this.watch.wrong(`${homeScore} goals in version ${version}`);
    if (version < this.version) {
      this.watch.wrong(`version ${version} after ${this.version}`);
      return false;
    }
    this.since = String(headers['live-next']);
    if (version === this.version) return false;
    this.version = version;
    this.watch.newer(version);
    return true;
  }
}
