import type { JobSchedule } from './run-facts.js';

/** What a column holds. A boolean comes as 0 or 1, a document is stored as JSON. */
export type FieldKind = 'text' | 'integer' | 'boolean' | 'document';

/** One column of a platform table and where its value comes from. */
export interface EntityField {
  readonly column: string;
  readonly kind: FieldKind;
  /** names of the provider; the first one that says something counts */
  readonly from: readonly string[];
  /** An empty value, or "0", says that there is none, and clears the column. Of every other field it says nothing. */
  readonly clears?: true;
  /** is derived: does the first name of `from` hold a text? */
  readonly isPresence?: true;
  /** of a new row for which the provider says nothing: the first of these fields that it does speak of, else the text */
  readonly fallback?: { readonly from: readonly string[]; readonly text: string };
}

/** A kind of thing that the provider lists and the platform keeps in a table of its own. */
export interface EntityDefinition {
  /** `team`: lower case, as in `livescore sync run team` */
  readonly name: string;
  /** the worker of the platform that it replaces */
  readonly replaces: string;
  readonly endpoint: string;
  readonly table: string;
  /** `time`: the provider lists what changed since a moment; `none`: each run reads the whole list */
  readonly cursor: 'time' | 'none';
  /** entities whose rows it refers to: read before it where both are due. A missing parent stops nothing */
  readonly parents: readonly string[];
  readonly fields: readonly EntityField[];
  readonly schedules: readonly JobSchedule[];
  /** for a whole page, ms. @default 30_000 */
  readonly timeoutMs?: number;
}

const PAGE_TIMEOUT_MS = 30_000;

export function pageTimeoutMs({ timeoutMs = PAGE_TIMEOUT_MS }: EntityDefinition): number {
  return timeoutMs;
}
