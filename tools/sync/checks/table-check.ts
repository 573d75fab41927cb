import { isDeepStrictEqual } from 'node:util';
import { PROVIDER_ENTITY_KINDS, type ProviderEntityKind, type ProviderStandIn } from '../../../src/testing/index.js';
import { FIELD_MAPPING } from '../model/field-mapping.js';
import type { ChaosDatabase } from '../parts/chaos-database.js';

const ROWS_AT_ONCE = 5_000;

/** How the tables differ from what the provider lists; all are empty where nothing is wrong. */
export interface TableFindings {
  /** rows that were compared */
  readonly compared: number;
  /** the provider lists it, the table lacks it */
  readonly missing: readonly string[];
  /** a column does not say what the entry says */
  readonly wrong: readonly string[];
  /** the table has it, the provider does not list it, and no mark says so */
  readonly ghosts: readonly string[];
  /** marked as deleted, and the provider lists it */
  readonly falseMarks: readonly string[];
}

type StoredRow = Readonly<Record<string, unknown>> & { readonly external_id: string };

/** Compares every row of the ten tables with the stand-in. @param concerns rows that are looked at. @default all */
export async function checkTables(
  database: ChaosDatabase,
  provider: ProviderStandIn,
  concerns: (kind: ProviderEntityKind, id: string) => boolean = () => true,
): Promise<TableFindings> {
  const found = {
    compared: 0,
    missing: [] as string[],
    wrong: [] as string[],
    ghosts: [] as string[],
    falseMarks: [] as string[],
  };
  for (const kind of PROVIDER_ENTITY_KINDS) {
    const marked = await marksOf(database, kind);
    const stored = new Set<string>();
    for await (const row of rowsOf(database, kind)) {
      const { external_id: id } = row;
      stored.add(id);
      if (!concerns(kind, id)) continue;
      const entry = provider.entities.get(kind, id);
      if (entry === null) {
        if (!marked.has(id)) found.ghosts.push(`${kind} ${id}`);
        continue;
      }
      found.compared += 1;
      for (const { column, expected } of FIELD_MAPPING[kind].columns) {
        const should = expected(entry);
        if (isDeepStrictEqual(row[column], should)) continue;
        found.wrong.push(`${kind} ${id} ${column}: ${JSON.stringify(row[column])}, not ${JSON.stringify(should)}`);
      }
    }
    for (const id of provider.entities.ids(kind)) {
      if (!stored.has(id) && concerns(kind, id)) found.missing.push(`${kind} ${id}`);
      if (marked.has(id) && concerns(kind, id)) found.falseMarks.push(`${kind} ${id}`);
    }
  }
  return found;
}

async function marksOf(database: ChaosDatabase, kind: string): Promise<ReadonlySet<string>> {
  const rows = await database.rows<{ id: string }>(
    'SELECT external_id AS id FROM livescore_sync_deleted WHERE entity = $1 AND listed_at IS NULL',
    [kind],
  );
  return new Set(rows.map(({ id }) => id));
}

async function* rowsOf(database: ChaosDatabase, kind: ProviderEntityKind): AsyncGenerator<StoredRow> {
  const { table, columns } = FIELD_MAPPING[kind];
  const names = ['external_id', ...columns.map(({ column }) => column)].join(', ');
  for (let after = ''; ; ) {
    const rows = await database.rows<StoredRow>(
      `SELECT ${names} FROM ${table} WHERE external_id COLLATE "C" > $1 ORDER BY external_id COLLATE "C" LIMIT $2`,
      [after, ROWS_AT_ONCE],
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.external_id;
  }
}
