import type { MatchStatus } from '../../domain/match-status.js';
import type { Slots } from '../../domain/score.js';

/** What a field of a fixture is. `reference`: id of something else; `scores`: goals of both sides, a list or a text. */
export type FixtureFieldKind = 'reference' | 'text' | 'integer' | 'boolean' | 'scores';

/** One column of `ts_matches` that fixtures fill, and where its value stands in an entry. */
export interface FixtureField {
  readonly column: string;
  readonly kind: FixtureFieldKind;
  /** names from outside to inside: `round`, `stage_id` */
  readonly path: readonly string[];
}

/** A field as the platform's table takes it. */
export interface StoredFixtureField extends FixtureField {
  readonly storedAs: 'text' | 'smallint' | 'integer' | 'bigint' | 'boolean' | 'jsonb';
  /** of a text column with a limit, characters; null without one */
  readonly maxLength: number | null;
}

export interface FixtureColumns {
  readonly fields: readonly StoredFixtureField[];
  /** fields that the table cannot take, each with the reason: `tbd: missing` */
  readonly leftOut: readonly string[];
}

/** A fixture is one entry of a list of fixtures, without its score. */
export interface Fixture {
  readonly matchId: string;
  /** provider's `updated_at`, unix seconds; null without one */
  readonly updatedAtS: number | null;
  /** column → value; a column that the entry says nothing of is absent, and keeps its value */
  readonly values: Readonly<Record<string, string | number | boolean>>;
}

/**
 * `older`: the row knows a later state of the entry, nothing was written; `busy`: somebody holds the row, nothing was
 * written.
 */
export type FixtureFate = 'added' | 'changed' | 'same' | 'older' | 'busy';

/** The answer says what became of an entry, and what its row said of the score before. */
export interface StoredFixture {
  readonly matchId: string;
  readonly fate: FixtureFate;
  /** null of a new row, and of one without a status that means anything */
  readonly status: MatchStatus | null;
  /** null when the row has none */
  readonly home: Slots | null;
  readonly away: Slots | null;
}

/**
 * The store keeps matches of `ts_matches` as fixtures. Score, status and kick-offs are none of its business. Port and
 * injection token in one.
 */
export abstract class FixtureStore {
  /** Looks at the catalogue of the database. @throws the driver's error */
  abstract columns(fields: readonly FixtureField[]): Promise<FixtureColumns>;

  /**
   * Adds rows that are new, with status 1, changes those that differ, and touches no other. A value is only replaced by a
   * value. Takes back marks of deletion that are older than `markedBeforeMs`.
   * @param fixtures no id twice
   * @param markedBeforeMs database clock, unix ms
   * @throws the driver's error: nothing is stored then
   */
  abstract save(
    fields: readonly StoredFixtureField[],
    fixtures: readonly Fixture[],
    markedBeforeMs: number,
  ): Promise<readonly StoredFixture[]>;

  /** Those of the matches that have no row. */
  abstract withoutRow(matchIds: readonly string[]): Promise<readonly string[]>;

  /** Those of the matches that are being played, or should be by now, or will be within `soonS` seconds; database clock. */
  abstract inPlay(matchIds: readonly string[], soonS: number): Promise<readonly string[]>;
}
