import type { MatchState } from '../../src/domain/match-state.js';
import { ScoreStore, type ScoreWrite } from '../../src/score-writer/ports/score-store.js';
import type { DatabaseLink } from './database-link.js';
import type { SimulatedDatabase } from './simulated-database.js';

/** The match rows as one process reaches them: the rows of the simulated database at the end of an unsafe way. */
export class SimulatedScoreStore extends ScoreStore {
  constructor(
    private readonly database: SimulatedDatabase,
    private readonly link: DatabaseLink,
  ) {
    super();
  }

  override load(matchIds: readonly string[]): Promise<ReadonlyMap<string, MatchState>> {
    return this.link.request('load', () => this.database.load(matchIds));
  }

  override findChanged(states: readonly MatchState[]): Promise<readonly string[]> {
    return this.link.request('find changed', () => this.database.findChanged(states));
  }

  override findLive(): Promise<readonly string[]> {
    return this.link.request('find live', () => []);
  }

  /** Nobody else writes these rows. */
  override acceptForeign(): Promise<ReadonlySet<string>> {
    return this.link.request('accept', () => new Set<string>());
  }

  override write(writes: readonly ScoreWrite[], fence: number | null = null): Promise<ReadonlySet<number>> {
    return this.link.request('write', () => this.database.write(writes, fence));
  }
}
