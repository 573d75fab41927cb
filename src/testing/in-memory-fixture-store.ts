import { isLive, MatchStatus } from '../domain/match-status.js';
import type { Slots } from '../domain/score.js';
import {
  type Fixture,
  type FixtureColumns,
  type FixtureField,
  FixtureStore,
  type StoredFixture,
  type StoredFixtureField,
} from '../sync/ports/fixture-store.js';
import { InMemoryDeletionStore } from './in-memory-deletion-store.js';

/** This store holds a match as this row. */
export interface FixtureRow extends Fixture {
  readonly status: MatchStatus;
  readonly home: Slots | null;
  readonly away: Slots | null;
}

const OVERDUE_S = 4 * 3_600;

/** The store keeps matches as fixtures, in memory. */
export class InMemoryFixtureStore extends FixtureStore {
  readonly rows = new Map<string, FixtureRow>();
  /** matches whose row somebody holds */
  readonly locked = new Set<string>();

  /** @param nowMs the database's clock, unix ms */
  constructor(
    private readonly nowMs: () => number = Date.now,
    readonly deletions = new InMemoryDeletionStore(nowMs),
  ) {
    super();
  }

  override async columns(fields: readonly FixtureField[]): Promise<FixtureColumns> {
    const stored = fields.map((field) => ({ ...field, storedAs: storedAs(field), maxLength: null }));
    return { fields: stored, leftOut: [] };
  }

  override async save(
    _: readonly StoredFixtureField[],
    fixtures: readonly Fixture[],
    markedBeforeMs: number,
  ): Promise<readonly StoredFixture[]> {
    return fixtures.map((fixture) => {
      this.deletions.listed('match', fixture.matchId, markedBeforeMs);
      return this.saveOne(fixture);
    });
  }

  override async withoutRow(matchIds: readonly string[]): Promise<readonly string[]> {
    return matchIds.filter((id) => !this.rows.has(id));
  }

  override async inPlay(matchIds: readonly string[], soonS: number): Promise<readonly string[]> {
    const nowS = this.nowMs() / 1000;
    return matchIds.filter((id) => {
      const row = this.rows.get(id);
      const beginsInS = Number(row?.values.match_time) - nowS;
      if (row?.status !== MatchStatus.NotStarted) return row !== undefined && isLive(row.status);
      return beginsInS < soonS && beginsInS > -OVERDUE_S;
    });
  }

  private saveOne(fixture: Fixture): StoredFixture {
    const { matchId, updatedAtS, values } = fixture;
    const row = this.rows.get(matchId);
    if (!row) {
      this.rows.set(matchId, { ...fixture, status: MatchStatus.NotStarted, home: null, away: null });
      return { matchId, fate: 'added', status: null, home: null, away: null };
    }
    const { status, home, away } = row;
    const differs =
      (updatedAtS !== null && updatedAtS !== row.updatedAtS) ||
      Object.entries(values).some(([column, value]) => row.values[column] !== value);
    const isOlder = updatedAtS !== null && row.updatedAtS !== null && updatedAtS < row.updatedAtS;
    const fate = isOlder ? 'older' : !differs ? 'same' : this.locked.has(matchId) ? 'busy' : 'changed';
    if (fate === 'changed') {
      this.rows.set(matchId, {
        ...row,
        updatedAtS: updatedAtS ?? row.updatedAtS,
        values: { ...row.values, ...values },
      });
    }
    return { matchId, fate, status, home, away };
  }
}

function storedAs({ column, kind }: FixtureField): StoredFixtureField['storedAs'] {
  if (column === 'match_time') return 'bigint';
  return kind === 'integer' || kind === 'boolean' ? kind : 'text';
}
