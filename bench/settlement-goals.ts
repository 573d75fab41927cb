import type { Receipt, UpdateSink } from '../src/contracts/update-sink.js';
import type { MatchUpdate, ScoreUpdate } from '../src/domain/match-update.js';
import { matchIdOf, type Workload } from './workload.js';

const EVERY_MS = 20;
const FIRST_MATCH = 1_000;
const PLAYED = 500;
const LONGEST_WAIT_MS = 10_000;

/** Fifty goals a second in 500 matches in turn, none of which has predictions. */
export class SettlementGoals {
  private next = 0;

  constructor(
    private readonly sink: UpdateSink,
    private readonly workload: Workload,
  ) {}

  /** The first goal of each match, for which the writer reads its row. */
  async warmUp(): Promise<void> {
    for (let n = 0; n < PLAYED; n++) await this.goal();
  }

  /** @returns ms from receipt to commit of each goal */
  async during(windowMs: number): Promise<readonly number[]> {
    const goals: Promise<number>[] = [];
    const startedAt = performance.now();
    for (let n = 0; n * EVERY_MS < windowMs; n++) {
      await new Promise((resolve) => setTimeout(resolve, startedAt + n * EVERY_MS - performance.now()));
      goals.push(this.goal());
    }
    return Promise.all(goals);
  }

  private goal(): Promise<number> {
    const update = this.nextUpdate();
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${update.matchId}: no commit`)), LONGEST_WAIT_MS);
      const startedAt = performance.now();
      const receipt: Receipt = {
        awaitsCommit: true,
        concluded(_: MatchUpdate, { kind, reason }) {
          clearTimeout(late);
          if (kind === 'applied') resolve(performance.now() - startedAt);
          else reject(new Error(`${update.matchId}: ${kind}, ${reason}`));
        },
      };
      this.sink.submit([update], receipt);
    });
  }

  private nextUpdate(): ScoreUpdate {
    const index = FIRST_MATCH + (this.next++ % PLAYED);
    const { home, away } = this.workload.goal(index);
    const { kickoffS } = this.workload;
    return {
      matchId: matchIdOf(index),
      source: 'mqtt',
      delivery: 'push',
      receivedAtMs: Date.now(),
      requestedAtMs: null,
      providerTimeS: null,
      score: { status: 4, home: slots(home), away: slots(away), periodKickoffS: kickoffS },
    };
  }
}

function slots(counts: readonly number[]) {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = counts;
  return [a, b, c, d, e, f, g] as const;
}
