/** What the processes of a measurement say to each other. */
export type ToOrigin =
  | { readonly kind: 'goal'; readonly matchId: string; readonly version: number }
  | { readonly kind: 'counts' };

export type FromOrigin =
  | { readonly kind: 'ready'; readonly url: string }
  /** requests by address and second */
  | { readonly kind: 'counts'; readonly seconds: readonly AskedSecond[] };

export interface AskedSecond {
  readonly path: string;
  /** unix time */
  readonly second: number;
  readonly requests: number;
}

export type FromCrowd =
  /** all of this process that read the match have the version, or a newer one */
  | { readonly kind: 'current'; readonly matchId: string; readonly version: number; readonly atMs: number }
  | { readonly kind: 'wrong'; readonly what: string }
  | { readonly kind: 'answers'; readonly count: number };

export interface CrowdSettings {
  /** where nginx listens */
  readonly url: string;
  readonly pollers: number;
  readonly matchIds: readonly string[];
  /** they begin one after another over this time */
  readonly rampMs: number;
}

/** One clock for all processes of this machine, unix ms. */
export function sharedNowMs(): number {
  return performance.timeOrigin + performance.now();
}
