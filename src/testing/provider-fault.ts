/**
 * A kind says what goes wrong.
 *
 * In place of the answer: `http-429`; `body-429` (`code` 429 under HTTP 200); `text-429` (text "Too Many Requests");
 * `http-500`; `address` ("IP is not authorized"); `error` (`code` and `err` under HTTP 200); `hang` (never answers).
 *
 * In the answer: `truncated` (JSON ends in the middle); `no-results`; `result` (that key in place of `results`); `object`
 * (`results` keyed by id); `unrelated` (rows that were not asked for come first); `early-end` (an empty page although more
 * follow); `duplicates` (a page begins with the last rows of the page before); `clock-skew` (`Date`, `updated_at` and
 * `update_time` are those of a clock that is wrong).
 *
 * On the way: `gzip`; `stall` (silence in the middle of the answer); `cut` (the connection closes there); `slow`.
 *
 * After an answer of an entity list or the recent list, so that pages shift while it is read: `insert` (new rows, like some
 * that are there, come to the front as `inserted1` and on), `move` (rows change and go to the front), `delete` (rows of this
 * or earlier pages go, and `/deleted` tells them). In front is where the order `inserted` has its first page.
 */
export type ProviderFaultKind = (typeof PROVIDER_FAULT_KINDS)[number];

/** The list names every kind of fault. */
export const PROVIDER_FAULT_KINDS = [
  'http-429',
  'body-429',
  'text-429',
  'http-500',
  'address',
  'error',
  'hang',
  'truncated',
  'no-results',
  'result',
  'object',
  'unrelated',
  'early-end',
  'duplicates',
  'clock-skew',
  'gzip',
  'stall',
  'cut',
  'slow',
  'insert',
  'move',
  'delete',
] as const;

/** A fault has a kind, and a time at which it strikes. */
export interface ProviderFault {
  readonly kind: ProviderFaultKind;
  /** strikes these only, as `/team/additional/list`. @default every endpoint */
  readonly endpoint?: string | readonly string[];
  /** strikes from that page of a list on. @default 1; 2 for `early-end` and `duplicates` */
  readonly fromPage?: number;
  /** 0 to 1. @default 1 */
  readonly probability?: number;
  /** same seed and same requests, same strikes. @default 1 */
  readonly seed?: number;
  /** is over after so many strikes. @default never */
  readonly times?: number;
  /** rows of `unrelated`, `duplicates`, `insert`, `move` and `delete`. @default 3 */
  readonly rows?: number;
  /** milliseconds: how late with `slow`, how far ahead of ours the clock is with `clock-skew`. @default 1,000 */
  readonly ms?: number;
  /** header `Retry-After` of `http-429`, seconds. @default none */
  readonly retryAfterS?: number;
  /** HTTP status of `address` and `error`. @default 200 */
  readonly status?: number;
}

const DEFAULT_ROWS = 3;
const DEFAULT_MS = 1_000;

export function rowsOf({ rows }: ProviderFault): number {
  return rows ?? DEFAULT_ROWS;
}

export function msOf({ ms }: ProviderFault): number {
  return ms ?? DEFAULT_MS;
}
