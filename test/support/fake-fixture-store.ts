import { NO_SCORE } from '../../src/domain/score.js';
import {
  type Fixture,
  type FixtureColumns,
  type FixtureField,
  FixtureStore,
  type StoredFixture,
  type StoredFixtureField,
} from '../../src/sync/ports/fixture-store.js';

/** Matches in memory, with no more than their ids and what was saved last. */
export class FakeFixtureStore extends FixtureStore {
  readonly rows = new Map<string, Fixture>();
  readonly saved: (readonly string[])[] = [];
  /** they are held by somebody */
  readonly busy = new Set<string>();
  readonly playing = new Set<string>();
  /** thrown by every method while it is set */
  fault: Error | null = null;

  override async columns(fields: readonly FixtureField[]): Promise<FixtureColumns> {
    this.fail();
    return { fields: fields.map((field) => ({ ...field, storedAs: 'text', maxLength: null })), leftOut: [] };
  }

  override async save(
    _: readonly StoredFixtureField[],
    fixtures: readonly Fixture[],
  ): Promise<readonly StoredFixture[]> {
    this.fail();
    this.saved.push(fixtures.map(({ matchId }) => matchId));
    return fixtures.map((fixture) => {
      const { matchId } = fixture;
      const fate = this.busy.has(matchId) ? 'busy' : this.rows.has(matchId) ? 'changed' : 'added';
      if (fate !== 'busy') this.rows.set(matchId, fixture);
      return { matchId, fate, status: fate === 'added' ? null : 1, home: NO_SCORE, away: NO_SCORE };
    });
  }

  override async withoutRow(matchIds: readonly string[]): Promise<readonly string[]> {
    this.fail();
    return matchIds.filter((id) => !this.rows.has(id));
  }

  override async inPlay(matchIds: readonly string[]): Promise<readonly string[]> {
    this.fail();
    return matchIds.filter((id) => this.playing.has(id));
  }

  private fail(): void {
    if (this.fault) throw this.fault;
  }
}
