import type { EntityRow } from '../../../domain/sync/entity-row.js';
import { element } from './array-element.js';
import type { TypedField } from './entity-table.js';

/** One column of the source, sent as an array with a value for each row. */
interface SourceColumn {
  readonly name: string;
  readonly type: string;
  readonly read: (row: EntityRow) => unknown;
}

/** Of a field, as an array carries it. */
const CARRIED = { text: 'text', integer: 'bigint', boolean: 'boolean', document: 'jsonb' } as const;

/**
 * Rows of a page as a relation `s`: `external_id`, `updated_at`, the fields, `no_…` for what is cleared and `new_…` for
 * fallbacks. The server reads arrays in a fifth of the time that it takes for JSON.
 */
export class EntitySource {
  private readonly columns: readonly SourceColumn[];

  constructor(fields: readonly TypedField[]) {
    this.columns = [
      { name: 'external_id', type: 'text', read: ({ externalId }) => externalId },
      { name: 'updated_at', type: 'bigint', read: ({ updatedAtS }) => updatedAtS },
      ...fields.flatMap(columnsOf),
    ];
  }

  /** @param first number of the first parameter */
  sql(first: number): string {
    const arrays = this.columns.map(({ type }, n) => `unnest($${first + n}::${type}[])`).join(', ');
    return `ROWS FROM (${arrays}) AS s (${this.columns.map(({ name }) => name).join(', ')})`;
  }

  /** One literal of an array per column: the driver takes half as long again for the same. */
  values(rows: readonly EntityRow[]): readonly string[] {
    return this.columns.map(({ read }) => `{${rows.map((row) => element(read(row))).join(',')}}`);
  }
}

function columnsOf({ column, kind, clears, fallback }: TypedField): readonly SourceColumn[] {
  const read =
    kind === 'document'
      ? ({ values }: EntityRow) => (values[column] === undefined ? null : JSON.stringify(values[column]))
      : ({ values }: EntityRow) => values[column] ?? null;
  const cleared = ({ cleared }: EntityRow) => cleared.includes(column);
  const said = ({ fallbacks }: EntityRow) => fallbacks[column] ?? null;
  return [
    { name: column, type: CARRIED[kind], read },
    ...(clears ? [{ name: `no_${column}`, type: 'boolean', read: cleared }] : []),
    ...(fallback ? [{ name: `new_${column}`, type: 'text', read: said }] : []),
  ];
}
