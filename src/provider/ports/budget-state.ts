import type { Priority } from './provider-lists.js';

/** What a window has counted, as JSON: the requests of each slot, oldest first. */
export interface WindowCount {
  readonly lengthMs: number;
  readonly slots: readonly (readonly [slot: number, requests: number])[];
}

/** A class waits in an instance. */
export interface Waits {
  readonly sinceMs: number;
  /** until then it is expected to come for its turn */
  readonly untilMs: number;
}

/** An instance that asked of late. */
export interface InstanceSeen {
  readonly atMs: number;
  /** the classes that wait there */
  readonly waits: Readonly<Partial<Record<Priority, Waits>>>;
}

/**
 * The state is what is remembered of the requests of all callers: small, and JSON. Times are those of whoever keeps it.
 */
export interface BudgetState {
  /** in the bucket at `atMs` */
  readonly tokens: number;
  readonly atMs: number;
  /** nobody asks: the provider said "too many requests" */
  readonly pause: { readonly fromMs: number; readonly untilMs: number } | null;
  /** turns since the last one that went to the lowest class, or ahead of a higher one that waited */
  readonly inARow: number;
  /** turns of others since the last one of the class */
  readonly passed: Readonly<Record<Priority, number>>;
  readonly windows: Readonly<Record<string, WindowCount>>;
  readonly seen: Readonly<Record<string, InstanceSeen>>;
}
