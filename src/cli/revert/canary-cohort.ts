import { ROLLOUT_BUCKETS, rolloutBucket } from '../../domain/rollout-bucket.js';
import type { RolloutChange } from '../../rollout/ports/rollout-store.js';

/** One canary of the past: from when to when, and which matches. */
interface CanaryTime {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly buckets: number;
  readonly matches: ReadonlySet<string>;
  readonly competitions: ReadonlySet<string>;
}

/** Which changes were made by the direct path because their match was in the canary. */
export class CanaryCohort {
  private readonly times: readonly CanaryTime[];

  /** @param history newest first */
  constructor(history: readonly RolloutChange[]) {
    this.times = history.flatMap((change, n) => {
      if (change.stage !== 'canary') return [];
      return [
        {
          fromMs: change.changedAtMs,
          untilMs: history[n - 1]?.changedAtMs ?? Number.POSITIVE_INFINITY,
          buckets: (change.percent * ROLLOUT_BUCKETS) / 100,
          matches: new Set(change.allowMatches),
          competitions: new Set(change.allowCompetitions),
        },
      ];
    });
  }

  /** Start of the first canary, unix ms; null when there was none. */
  get startMs(): number | null {
    return this.times.at(-1)?.fromMs ?? null;
  }

  /** @param graceMs what was accepted before the canary ended is committed a little later */
  contains(matchId: string, competitionId: string | null, committedAtMs: number, graceMs = 2_000): boolean {
    const bucket = rolloutBucket(matchId);
    return this.times.some(
      ({ fromMs, untilMs, buckets, matches, competitions }) =>
        committedAtMs >= fromMs &&
        committedAtMs <= untilMs + graceMs &&
        (bucket < buckets || matches.has(matchId) || (competitionId !== null && competitions.has(competitionId))),
    );
  }
}
