import type { ProviderRow, StoredRow } from './provider-row.js';

/** What an endpoint has to say, before it becomes text. */
export type ProviderContent = RowsContent | GroupsContent;

export interface RowsContent {
  readonly kind: 'rows';
  readonly rows: readonly StoredRow[];
  /** rows that nobody asked for */
  readonly unrelated: (count: number) => readonly StoredRow[];
  /** the last rows of the page before */
  readonly before: (count: number) => readonly StoredRow[];
  /** A list of pages: its end is an empty page, in which nothing is mixed. */
  readonly paged: boolean;
  /** fields that the list leaves out of its rows */
  readonly omitted?: readonly string[];
  /** rows that belong to those of the page, by kind */
  readonly extra?: Readonly<Record<string, readonly ProviderRow[]>>;
}

export interface GroupsContent {
  readonly kind: 'groups';
  readonly groups: Readonly<Record<string, unknown>>;
}

export const NO_ROWS = (): readonly StoredRow[] => [];
