/** How far the provider's clock is from ours, as its answers show. Port and injection token in one; optional. */
export abstract class ProviderClock {
  /** provider's clock minus ours, ms; 0 until measured */
  abstract readonly skewMs: number;
}

/** Of a host that does not ask the provider. */
export const UNMEASURED: ProviderClock = Object.freeze({ skewMs: 0 });
