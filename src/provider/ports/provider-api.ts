import type { MatchUpdate } from '../../domain/match-update.js';
import type { Priority } from './provider-lists.js';

/** All matches the provider calls live, as it says. */
export interface LiveSnapshot {
  /** `source: 'api'`, `delivery: 'pull'`, with the request time; whatever matches the answer holds */
  readonly updates: readonly MatchUpdate[];
  /** items of the answer that could not be understood at all */
  readonly rejected: number;
  /** our clock when the request left, unix ms */
  readonly requestedAtMs: number;
}

/** The port asks the provider's REST API. Port and injection token in one. */
export abstract class ProviderApi {
  /** False when there are no credentials: then nothing can be asked. */
  abstract readonly enabled: boolean;
  /**
   * Every live match with its score. Takes its turn in the budget that all callers share, and tells `ProviderClock`
   * what the answer shows of the provider's clock.
   * @param priority class in the budget, @default 'live'
   * @throws ProviderError: refused, error in the body, no answer in time, no turn in time
   */
  abstract liveMatches(signal?: AbortSignal, priority?: Priority): Promise<LiveSnapshot>;
}
