import type { EntityDefinition, EntityField, FieldKind } from '../../../domain/sync/entity-definition.js';
import type { StoredField } from '../../../domain/sync/entity-row.js';

/** A column of a table as the catalogue describes it. */
export interface TableColumn {
  readonly name: string;
  /** `character varying`, `integer` and so on */
  readonly type: string;
  /** characters, of a text with a limit */
  readonly max_length: number | null;
}

/** A field that has its column, with the column's type. */
export type TypedField = StoredField & { readonly type: string };

const FITTING: Readonly<Record<FieldKind, readonly string[]>> = {
  text: ['text', 'character varying'],
  integer: ['smallint', 'integer', 'bigint'],
  boolean: ['boolean', 'smallint', 'integer', 'bigint'],
  document: ['jsonb', 'json'],
};
const BYTES: Readonly<Record<string, number>> = { smallint: 2, integer: 4, bigint: 8 };
/** What every statement needs, whatever else there is. */
const NEEDED = ['external_id', 'updated_at', 'created_at'];

/** Which fields have a column that fits; the others are left out, and the reason is told. */
export function fitTable(
  { fields }: EntityDefinition,
  columns: readonly TableColumn[],
): { readonly fields: readonly TypedField[] | null; readonly leftOut: readonly string[] } {
  const known = new Map(columns.map((column) => [column.name, column]));
  const lacking = NEEDED.filter((name) => !known.has(name));
  if (lacking.length > 0) return { fields: null, leftOut: lacking.map((name) => `${name}: missing`) };
  const leftOut: string[] = [];
  const fitting = fields.flatMap((field): TypedField[] => {
    const column = known.get(field.column);
    if (column && FITTING[field.kind].includes(column.type)) return [typed(field, column)];
    leftOut.push(`${field.column}: ${column ? `${column.type} takes no ${field.kind}` : 'missing'}`);
    return [];
  });
  return { fields: fitting.length > 0 ? fitting : null, leftOut };
}

function typed(field: EntityField, { type, max_length }: TableColumn): TypedField {
  return { ...field, type, maxLength: max_length, bytes: BYTES[type] ?? 8 };
}
