import type { EntityField, FieldKind } from './entity-definition.js';

/** Fields of one kind, by the names they have with the provider and in the table. */
export function fields(kind: FieldKind, columns: string): readonly EntityField[] {
  return columns.split(' ').map((column) => ({ column, kind, from: [column] }));
}

/** The id of another entity, or none. */
export function optionalReference(column: string): EntityField {
  return { column, kind: 'text', from: [column], clears: true };
}

/** The id of the master record, and whether there is one. */
export const DUPLICATE: readonly EntityField[] = [
  optionalReference('uid'),
  { column: 'is_duplicate', kind: 'boolean', from: ['uid'], isPresence: true },
];

export const LOGO_URL: EntityField = { column: 'logo_url', kind: 'text', from: ['logo', 'logo_url'] };
