import { Injectable } from '@nestjs/common';
import { isMatchStatus } from '../../../domain/match-status.js';
import { toInteger, toSlots } from '../../../platform/read-value.js';
import { Database, type Statement } from '../../../postgres/database.js';
import {
  type Fixture,
  type FixtureColumns,
  type FixtureFate,
  type FixtureField,
  type FixtureFieldKind,
  FixtureStore,
  type StoredFixture,
  type StoredFixtureField,
} from '../../ports/fixture-store.js';
import { FIXTURE_COLUMNS, IN_PLAY, saveFixtures, WITHOUT_ROW } from './fixture-statements.js';

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly maxLength: number | null;
}

interface SavedRow {
  readonly match_id: string;
  readonly status: string | null;
  readonly home: string | null;
  readonly away: string | null;
  readonly fate: FixtureFate;
}

/** Types of PostgreSQL by its own names, as the statement casts to them. */
const STORED_AS: Readonly<Record<string, StoredFixtureField['storedAs']>> = {
  varchar: 'text',
  text: 'text',
  bpchar: 'text',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  bool: 'boolean',
  jsonb: 'jsonb',
};
const INTEGERS = ['smallint', 'integer', 'bigint'];
const FITS: Readonly<Record<FixtureFieldKind, readonly string[]>> = {
  reference: ['text'],
  text: ['text'],
  integer: INTEGERS,
  boolean: ['boolean', ...INTEGERS],
  scores: ['text', 'jsonb'],
};

/** `ts_matches` through the package's own connections. */
@Injectable()
export class PgFixtureStore extends FixtureStore {
  private readonly statements = new WeakMap<readonly StoredFixtureField[], Statement>();

  constructor(private readonly database: Database) {
    super();
  }

  override async columns(fields: readonly FixtureField[]): Promise<FixtureColumns> {
    const rows = await this.database.query<ColumnRow>(FIXTURE_COLUMNS, []);
    const known = new Map(rows.map((row) => [row.name, row]));
    const stored: StoredFixtureField[] = [];
    const leftOut: string[] = [];
    for (const field of fields) {
      const row = known.get(field.column);
      const storedAs = row && STORED_AS[row.type];
      if (!row) leftOut.push(`${field.column}: missing`);
      else if (!storedAs || !FITS[field.kind].includes(storedAs)) leftOut.push(`${field.column}: of type ${row.type}`);
      else stored.push({ ...field, storedAs, maxLength: storedAs === 'text' ? row.maxLength : null });
    }
    return { fields: stored, leftOut };
  }

  override async save(
    fields: readonly StoredFixtureField[],
    fixtures: readonly Fixture[],
    markedBeforeMs: number,
  ): Promise<readonly StoredFixture[]> {
    if (fixtures.length === 0) return [];
    const ordered = [...fixtures].sort((a, b) => (a.matchId < b.matchId ? -1 : 1));
    const given = JSON.stringify(ordered.map((fixture) => toRow(fixture, fields)));
    const rows = await this.database.query<SavedRow>(this.statementFor(fields), [given, markedBeforeMs]);
    return rows.map(toStored);
  }

  override async withoutRow(matchIds: readonly string[]): Promise<readonly string[]> {
    return (await this.database.query<{ id: string }>(WITHOUT_ROW, [matchIds])).map(({ id }) => id);
  }

  override async inPlay(matchIds: readonly string[], soonS: number): Promise<readonly string[]> {
    return (await this.database.query<{ id: string }>(IN_PLAY, [matchIds, soonS])).map(({ id }) => id);
  }

  private statementFor(fields: readonly StoredFixtureField[]): Statement {
    const known = this.statements.get(fields);
    if (known) return known;
    const statement = saveFixtures(fields);
    this.statements.set(fields, statement);
    return statement;
  }
}

/** Every value as its text: the statement casts it to the type of the column. */
function toRow({ matchId, updatedAtS, values }: Fixture, fields: readonly StoredFixtureField[]) {
  const row: Record<string, string | number | null> = { match_id: matchId, updated_at: updatedAtS };
  for (const { column, storedAs } of fields) {
    const value = values[column];
    if (value === undefined) continue;
    row[column] = typeof value === 'boolean' && storedAs !== 'boolean' ? String(Number(value)) : String(value);
  }
  return row;
}

function toStored({ match_id, status, home, away, fate }: SavedRow): StoredFixture {
  const code = toInteger(status);
  return {
    matchId: match_id,
    fate,
    status: isMatchStatus(code) ? code : null,
    home: toSlots(home),
    away: toSlots(away),
  };
}
