import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveMatchOrchestrator } from '../../examples/legacy/live-match-orchestrator.js';
import type { FieldUpdate } from '../../src/rollout/index.js';

/** One round over all live matches, as often as the platform's limiter lets a request out. */
const ROUND_MS = 1_000;
/** All matches of the bench are in their second half. */
const STATUS = 4;

/**
 * The platform's job that reconciles live matches with the provider's REST API: it writes them one after another through
 * the same orchestrator, under the same lock, with values of the api.
 */
export class ApiJob {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  constructor(
    private readonly orchestrator: LiveMatchOrchestrator,
    private readonly matchIds: readonly string[],
    seed: number,
  ) {
    this.running = this.run(seed);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(seed: number): Promise<void> {
    const random = generator(seed);
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const beganMs = performance.now();
      for (const matchId of shuffled(this.matchIds, random)) {
        if (signal.aborted) return;
        await this.orchestrator.updateMatch(matchId, apiFields(), 'matchSync');
      }
      const leftMs = ROUND_MS - (performance.now() - beganMs);
      if (leftMs > 0) await sleep(leftMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Scores of the api are refused over those of the feed, its status and times are not. */
function apiFields(): FieldUpdate[] {
  const timestamp = Math.floor(Date.now() / 1000);
  const api = (field: string, value: unknown): FieldUpdate => ({ field, value, source: 'api', priority: 2, timestamp });
  return [
    api('status_id', STATUS),
    api('home_score_display', 0),
    api('away_score_display', 0),
    api('provider_update_time', timestamp),
    api('last_event_ts', timestamp),
  ];
}

/** Lehmer's generator: the same order of matches in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const result = [...list];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
