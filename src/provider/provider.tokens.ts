/** The options after defaults and checks. */
export const RESOLVED_PROVIDER_OPTIONS = Symbol.for('@goalgpt/livescore/provider/resolved-options');
