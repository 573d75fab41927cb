/** One entry of a list, with the provider's own field names; `id` is needed, `updated_at` is unix seconds. */
export type ProviderRow = Readonly<Record<string, unknown>> & { readonly id: string };

/** A row as the stand-in keeps it: ready to be sent. */
export interface StoredRow {
  readonly id: string;
  /** place in the list, ascending */
  readonly place: number;
  /** what `time` compares with: `updated_at` of the row or, without one, when it was put; unix seconds */
  readonly changedAtS: number;
  readonly json: string;
}

export function storedRow(item: ProviderRow, place: number, nowMs: number): StoredRow {
  const { updated_at: told } = item;
  const changedAtS = typeof told === 'number' && Number.isFinite(told) ? told : Math.floor(nowMs / 1000);
  return { id: item.id, place, changedAtS, json: compact(JSON.stringify(item)) };
}

export function itemOf(row: StoredRow): ProviderRow {
  return JSON.parse(row.json) as ProviderRow;
}

const WIDE = /[\u0100-\uffff]/g;

/** Escapes what takes two bytes a character in memory, as PHP does on the wire: one such letter doubles the whole text. */
function compact(json: string): string {
  if (json.search(WIDE) < 0) return json;
  const narrow = json.replace(WIDE, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Buffer.from(narrow, 'latin1').toString('latin1');
}
