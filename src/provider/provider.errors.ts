import { LiveScoreError } from '../kernel/livescore.errors.js';

/** Why a question to the provider has no answer. The error's `code` is `LIVESCORE_PROVIDER_` and this in capitals. */
export type ProviderFailure =
  /** no credentials */
  | 'disabled'
  /** our address is not on the provider's list: somebody must ask its support */
  | 'address'
  /** it says no: an error in the body, or an HTTP status of 3xx or 4xx */
  | 'refused'
  /** too many requests: nobody asks until `retryAtMs` */
  | 'limit'
  /** no complete answer in time */
  | 'timeout'
  /** an answer that is none: not JSON, too large, without results, or nothing of it can be understood */
  | 'malformed'
  /** no connection, a connection that broke, or an HTTP status of 5xx */
  | 'unreachable'
  /** not sent: no turn in time, or too many wait already */
  | 'budget'
  /** not sent: it failed too often of late; again after `retryAtMs` */
  | 'open'
  /** the caller does not want the answer any more */
  | 'aborted';

export interface ProviderFailureFacts {
  readonly endpoint: string;
  /** earlier another request would be refused at once, our clock, unix ms */
  readonly retryAtMs?: number;
  /** HTTP status, when there was one */
  readonly httpStatus?: number;
  /** `code` of the body, when there was one */
  readonly providerCode?: number | string;
}

/** The provider gave no answer to a question. Says nothing about any match: what is stored stays. */
export class ProviderError extends LiveScoreError {
  /** null when nothing speaks against asking again at once */
  readonly retryAtMs: number | null;

  constructor(
    readonly failure: ProviderFailure,
    text: string,
    facts: ProviderFailureFacts,
    options?: { cause?: unknown },
  ) {
    super(`LIVESCORE_PROVIDER_${failure.toUpperCase()}`, text, { ...facts }, options);
    this.retryAtMs = facts.retryAtMs ?? null;
  }
}
