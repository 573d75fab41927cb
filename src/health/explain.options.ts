import { InvalidOptionError } from '../kernel/livescore.errors.js';

/** Who besides this machine may ask why a frame was applied or not. */
export interface ExplainOptions {
  /** Value of the header `X-Internal-Secret` that lets other machines ask, not blank. @default none may */
  readonly internalSecret?: string;
}

export interface ResolvedExplainOptions {
  readonly internalSecret: string | null;
}

/** @throws {@link InvalidOptionError} */
export function resolveExplainOptions({ internalSecret }: ExplainOptions = {}): ResolvedExplainOptions {
  if (internalSecret === undefined) return { internalSecret: null };
  if (typeof internalSecret === 'string' && internalSecret.trim() !== '') return { internalSecret };
  // The value may be a secret with a mistake in it: it stays out of the message.
  throw new InvalidOptionError('HealthModule', 'internalSecret', 'a text that is not blank', undefined);
}
