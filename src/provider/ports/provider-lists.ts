/**
 * Who goes first when several want to ask: `recovery` (after a gap in the feed), `live` (single matches that are being played),
 * `schedule` (fixtures and what changed), `catalogue` (teams, players and so on).
 */
export const PRIORITIES = ['recovery', 'live', 'schedule', 'catalogue'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** One entry of an answer, with the provider's own field names. */
export type ProviderItem = Readonly<Record<string, unknown>>;

/** One request for a list. */
export interface ListRequest {
  /** path below the base address, `/team/additional/list`; a metric label, so never with an id in it */
  readonly endpoint: string;
  /** query parameters beside the credentials */
  readonly params?: Readonly<Record<string, string | number>>;
  readonly priority: Priority;
  /** milliseconds for the whole answer. @default the option `timeoutMs` */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A good answer: an error in the body, or a body without sense, is thrown and never looks like an empty list. */
export interface ListAnswer {
  /**
   * Entries of `results` (or `result`): those of an array, or the values of an object keyed by id. Null when the answer has no
   * results at all, which is not an empty list.
   */
  readonly items: readonly ProviderItem[] | null;
  /** Of an object whose values are lists (`/data/update`, `/deleted`): the list of each key, as it is. */
  readonly groups: ReadonlyMap<string, readonly unknown[]>;
  /** `results_extra` by kind (`team`, `competition`), whether it came as an array or as an object keyed by id */
  readonly extra: ReadonlyMap<string, readonly ProviderItem[]>;
  /** entries that are no objects */
  readonly refused: number;
  /** our clock when the request left, unix ms */
  readonly requestedAtMs: number;
}

/** The lists of the provider's REST API. Port and injection token in one. */
export abstract class ProviderLists {
  /** False when there are no credentials: then nothing can be asked. */
  abstract readonly enabled: boolean;
  /**
   * Takes its turn in the budget that all callers share and sends one request. Who asks decides about asking again.
   * @throws ProviderError; after "too many requests" its `retryAtMs` says until when nobody is asked
   */
  abstract ask(request: ListRequest): Promise<ListAnswer>;
}
