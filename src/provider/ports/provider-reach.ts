import type { GuardContext } from '../../domain/decide.js';

/** Can the provider be asked? Port and injection token in one; optional: see {@link NO_PROVIDER}. */
export abstract class ProviderReach {
  /** `absent`: none is configured; `failing`: the last questions had no answer */
  abstract readonly reach: GuardContext['provider'];
}

/** Of a host that does not ask the provider. */
export const NO_PROVIDER: ProviderReach = Object.freeze({ reach: 'absent' });
