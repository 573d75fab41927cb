import {
  type Fixture,
  type FixtureColumns,
  type FixtureFate,
  type FixtureField,
  FixtureStore,
  type StoredFixture,
  type StoredFixtureField,
} from '../../../src/sync/ports/fixture-store.js';
import type { RaceStore } from './race-store.js';

/** The matches of the race as fixtures: what a row says of the score is that of {@link RaceStore}. */
export class RaceFixtures extends FixtureStore {
  private readonly updatedAtS = new Map<string, number>();

  constructor(private readonly scores: RaceStore) {
    super();
  }

  override async columns(fields: readonly FixtureField[]): Promise<FixtureColumns> {
    return { fields: fields.map((field) => ({ ...field, storedAs: 'text', maxLength: null })), leftOut: [] };
  }

  override async save(
    _: readonly StoredFixtureField[],
    fixtures: readonly Fixture[],
  ): Promise<readonly StoredFixture[]> {
    return fixtures.flatMap((fixture) => {
      const row = this.scores.row(fixture.matchId);
      const { matchId } = fixture;
      return row ? [{ matchId, fate: this.fateOf(fixture), status: row.status, home: row.home, away: row.away }] : [];
    });
  }

  override async withoutRow(): Promise<readonly string[]> {
    return [];
  }

  override async inPlay(matchIds: readonly string[]): Promise<readonly string[]> {
    return matchIds;
  }

  private fateOf({ matchId, updatedAtS }: Fixture): FixtureFate {
    const known = this.updatedAtS.get(matchId) ?? 0;
    if (updatedAtS === null) return 'same';
    if (updatedAtS < known) return 'older';
    this.updatedAtS.set(matchId, updatedAtS);
    return updatedAtS > known ? 'changed' : 'same';
  }
}
