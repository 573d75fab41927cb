/** Values by name, of which nothing else is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** Is it an object with fields? A list has none. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of an object; of anything else there are none. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}
