import type { GoalName, ShadowFindings, ShadowGoal, ShadowSample, ShadowTally } from '../ports/shadow-store.js';

const MAX_ENTRIES = 10_000;

type Counts = { -readonly [K in keyof ShadowTally]: ShadowTally[K] };

/** What was found and is not written down yet; times on our clock. When the database is away for long the oldest entries give way. */
export class ShadowLedger {
  private readonly tallies = new Map<string, Counts>();
  private readonly goals = new Map<string, ShadowGoal>();
  private readonly cancelled = new Map<string, GoalName>();

  count(matchId: string, what: 'consistent' | 'inconsistent' | 'errors', sample: ShadowSample | null = null): void {
    const tally = this.tallies.get(matchId) ?? { matchId, consistent: 0, inconsistent: 0, errors: 0, samples: [] };
    tally[what] += 1;
    if (sample) tally.samples = [...tally.samples, sample];
    put(this.tallies, matchId, tally);
  }

  goal(goal: ShadowGoal): void {
    put(this.goals, keyOf(goal), goal);
  }

  cancel(name: GoalName): void {
    this.goals.delete(keyOf(name));
    put(this.cancelled, keyOf(name), name);
  }

  /**
   * What can be written in one statement; null when there is nothing. A goal that was taken back and scored again waits
   * for the next one.
   */
  take(): ShadowFindings | null {
    const tallies = [...this.tallies.values()];
    const cancelled = [...this.cancelled.values()];
    const goals: ShadowGoal[] = [];
    for (const [key, goal] of this.goals) {
      if (this.cancelled.has(key)) continue;
      goals.push(goal);
      this.goals.delete(key);
    }
    this.tallies.clear();
    this.cancelled.clear();
    return tallies.length + cancelled.length + goals.length > 0 ? { tallies, goals, cancelled } : null;
  }

  /** It could not be written: next time. What was found meanwhile comes on top. */
  putBack({ tallies, goals, cancelled }: ShadowFindings): void {
    for (const tally of tallies) {
      const newer = this.tallies.get(tally.matchId);
      put(this.tallies, tally.matchId, newer ? sum(tally, newer) : { ...tally });
    }
    for (const name of cancelled) if (!this.cancelled.has(keyOf(name))) put(this.cancelled, keyOf(name), name);
    for (const goal of goals) {
      const key = keyOf(goal);
      if (!this.goals.has(key) && !this.cancelled.has(key)) put(this.goals, key, goal);
    }
  }
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  if (map.size <= MAX_ENTRIES) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

function keyOf({ matchId, home, away }: GoalName): string {
  return `${home}-${away}:${matchId}`;
}

function sum(a: ShadowTally, b: ShadowTally): Counts {
  return {
    matchId: a.matchId,
    consistent: a.consistent + b.consistent,
    inconsistent: a.inconsistent + b.inconsistent,
    errors: a.errors + b.errors,
    samples: [...a.samples, ...b.samples],
  };
}
