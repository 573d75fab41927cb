import type { LegacyBinding } from '../contracts/legacy-binding.js';
import type { Clock } from '../kernel/clock.js';
import {
  type RolloutChange,
  type RolloutDecision,
  type RolloutSetting,
  type RolloutSnapshot,
  RolloutStore,
} from '../rollout/ports/rollout-store.js';

/**
 * The store keeps stage, pins and decisions in memory, held to the same contract as PostgreSQL. One may serve many
 * processes.
 */
export class InMemoryRolloutStore extends RolloutStore {
  /** statements fail */
  refuses = false;
  /** competition → matches that may be played now */
  readonly competitions = new Map<string, readonly string[]>();
  private readonly changes: RolloutChange[] = [];
  private readonly pins = new Map<string, 'legacy' | 'direct'>();
  private binding: LegacyBinding | null = null;
  private readonly decided: (RolloutDecision & { readonly decidedAtMs: number })[] = [];

  constructor(private readonly clock: Clock) {
    super();
  }

  override async read(): Promise<RolloutSnapshot> {
    this.answer();
    const change = this.changes.at(-1) ?? null;
    const counts = change !== null && change.stage !== 'legacy';
    return {
      change,
      pins: new Map(this.pins),
      allowedByCompetition: this.matchesOf(counts ? change.allowCompetitions : []),
      deniedByCompetition: this.matchesOf(counts ? change.denyCompetitions : []),
    };
  }

  override async append(
    setting: RolloutSetting,
    by: string,
    reason: string,
    expectedId: number | null,
  ): Promise<RolloutChange | null> {
    this.answer();
    if ((this.changes.at(-1)?.id ?? null) !== expectedId) return null;
    const change = { ...setting, id: (expectedId ?? 0) + 1, changedAtMs: this.clock.nowMs(), changedBy: by, reason };
    this.changes.push(change);
    return change;
  }

  override async history(limit: number): Promise<readonly RolloutChange[]> {
    this.answer();
    return this.changes.toReversed().slice(0, limit);
  }

  override async pin(matchId: string, route: 'legacy' | 'direct' | null): Promise<void> {
    this.answer();
    if (route) this.pins.set(matchId, route);
    else this.pins.delete(matchId);
  }

  override async noteLegacyBinding(binding: LegacyBinding): Promise<void> {
    this.answer();
    this.binding = binding;
  }

  override async legacyBinding(): Promise<LegacyBinding | null> {
    this.answer();
    return this.binding;
  }

  override async recordDecision(decision: RolloutDecision): Promise<void> {
    this.answer();
    this.decided.push({ ...decision, decidedAtMs: this.clock.nowMs() });
  }

  override async decisions(limit: number): Promise<readonly (RolloutDecision & { readonly decidedAtMs: number })[]> {
    this.answer();
    return this.decided.toReversed().slice(0, limit);
  }

  private answer(): void {
    if (this.refuses) throw new Error('The in-memory rollout store was told to refuse');
  }

  private matchesOf(competitions: readonly string[]): ReadonlySet<string> {
    return new Set(competitions.flatMap((competition) => this.competitions.get(competition) ?? []));
  }
}
