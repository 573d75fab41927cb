import { setTimeout as sleep } from 'node:timers/promises';
import type { MatchStatus } from '../../../src/index.js';
import type { OrchestratorFacade } from '../../../src/rollout/index.js';
import { decodeMessage } from '../../../src/thesports/decode-message.js';

const ROUND_MS = 250;
/** The provider's REST API is behind its feed. */
const LAG_MS = 500;
const ORIGIN = { source: 'api', delivery: 'pull', receivedAtMs: 0, requestedAtMs: 0 } as const;

interface Said {
  readonly matchId: string;
  readonly status: MatchStatus;
  readonly atMs: number;
}

/**
 * The platform's job that takes the status of each match from the provider's REST API: on the legacy path nobody else
 * writes it, the queue gets scores only. It calls the orchestrator as ever; which path answers is not its business.
 */
export class StatusJob {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private readonly written = new Map<string, MatchStatus>();
  private said: Said[] = [];

  constructor(private readonly orchestrator: Pick<OrchestratorFacade, 'updateMatch'>) {
    this.running = this.run();
  }

  /** What the feed says the REST API will say, too. */
  note(payload: string): void {
    const atMs = performance.now();
    for (const { matchId, score } of decodeMessage(payload, ORIGIN).updates) {
      if (score) this.said.push({ matchId, status: score.status, atMs });
    }
  }

  /** Resolves when everything that was said is written. */
  async caughtUp(): Promise<void> {
    while (this.said.length > 0) await sleep(ROUND_MS);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.round();
      await sleep(ROUND_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async round(): Promise<void> {
    const untilMs = performance.now() - LAG_MS;
    const due = new Map<string, MatchStatus>();
    for (const { matchId, status, atMs } of this.said) if (atMs <= untilMs) due.set(matchId, status);
    for (const [matchId, value] of due) {
      if (this.written.get(matchId) === value) continue;
      const timestamp = Math.floor(Date.now() / 1000);
      const update = { field: 'status_id', value, source: 'api', priority: 2, timestamp } as const;
      const { status } = await this.orchestrator.updateMatch(matchId, [update], 'matchSync');
      if (status !== 'retry') this.written.set(matchId, value);
    }
    this.said = this.said.filter(({ atMs }) => atMs > untilMs);
  }
}
