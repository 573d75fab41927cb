import type { Clock } from '../kernel/clock.js';
import {
  type GoalName,
  type LegacyRow,
  type LegacyRows,
  MAX_SAMPLES,
  type OpenGoal,
  type ShadowFindings,
  type ShadowGoal,
  ShadowStore,
  type ShadowTally,
} from '../rollout/ports/shadow-store.js';

/**
 * The store keeps what the legacy path wrote and what the comparison found, in memory, held to the same contract as
 * PostgreSQL.
 */
export class InMemoryShadowStore extends ShadowStore {
  /** statements fail */
  refuses = false;
  /** the rows as the legacy path left them; a spec writes them */
  readonly legacy = new Map<string, LegacyRow>();
  readonly tallies = new Map<string, ShadowTally>();
  private readonly known = new Map<string, ShadowGoal>();

  /** @param clock the database's own */
  constructor(private readonly clock: Clock) {
    super();
  }

  /** Every goal, in the order of matches and scores. */
  get goals(): readonly ShadowGoal[] {
    return [...this.known.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, goal]) => goal);
  }

  override async rows(matchIds: readonly string[]): Promise<LegacyRows> {
    this.answer();
    const rows = new Map<string, LegacyRow>();
    for (const id of matchIds) {
      const row = this.legacy.get(id);
      if (row) rows.set(id, row);
    }
    return { atMs: this.clock.nowMs(), rows };
  }

  override async openGoals(matchIds: readonly string[]): Promise<readonly OpenGoal[]> {
    this.answer();
    return this.goals
      .filter(({ matchId, legacyAtMs }) => matchIds.includes(matchId) && legacyAtMs === null)
      .map(({ matchId, home, away, directAtMs }) => ({ matchId, home, away, ageMs: this.clock.nowMs() - directAtMs }));
  }

  override async record({ tallies, goals, cancelled }: ShadowFindings): Promise<void> {
    this.answer();
    for (const tally of tallies) this.tallies.set(tally.matchId, sum(this.tallies.get(tally.matchId), tally));
    for (const goal of goals) this.known.set(keyOf(goal), earlier(this.known.get(keyOf(goal)), goal));
    for (const name of cancelled) {
      if (this.known.get(keyOf(name))?.legacyAtMs === null) this.known.delete(keyOf(name));
    }
  }

  private answer(): void {
    if (this.refuses) throw new Error('The in-memory shadow store was told to refuse');
  }
}

const keyOf = ({ matchId, home, away }: GoalName): string => `${matchId}:${home}-${away}`;

function sum(known: ShadowTally | undefined, more: ShadowTally): ShadowTally {
  if (!known) return more;
  return {
    matchId: more.matchId,
    consistent: known.consistent + more.consistent,
    inconsistent: known.inconsistent + more.inconsistent,
    errors: known.errors + more.errors,
    samples: [...known.samples, ...more.samples].slice(0, MAX_SAMPLES),
  };
}

function earlier(known: ShadowGoal | undefined, goal: ShadowGoal): ShadowGoal {
  if (!known) return goal;
  const times = [known.legacyAtMs, goal.legacyAtMs].filter((atMs) => atMs !== null);
  return {
    ...goal,
    directAtMs: Math.min(known.directAtMs, goal.directAtMs),
    legacyAtMs: times.length > 0 ? Math.min(...times) : null,
  };
}
